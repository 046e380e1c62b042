#pragma once

#include <array>
#include <span>

#include <gradus/concept/slot.hpp>
#include <gradus/config/compiler.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// LARS: momentum, with gradients that are scaled for each span (a layer's tensor) by the norm of
/// its parameters over theirs.
///
///   ratio = trust_coefficient * |p| / (|g| + weight_decay * |p| + eps) for each span;
///     1 where |p| or |g| is 0 or not finite, or ratio overflows;
///     with `trust_clip`, min(ratio / rate, 1) in its place, 1 at a rate of 0
///   b <- momentum * b + ratio * (g + weight_decay * p);  p <- p - rate * b
///   with `rate_inside`: b <- momentum * b + rate * ratio * (g + weight_decay * p);  p <- p - b
///
/// Domain: momentum in [0, 1), trust_coefficient > 0, weight_decay >= 0, eps >= 0.
/// Units: trust_coefficient is the part of a layer's norm that a step moves at a rate of 1; b is in
///   units of the parameter; weight_decay is gradient / parameter, eps gradient.
/// State: one slot, b.
/// Traffic: 28 bytes a parameter in float (a pass that reads p and g; reads p, g, b; writes p, b).
/// Init: b = 0.
/// Cost: four multiplications and three additions a parameter; two norms for each span.
/// Errors: momentum NaN or outside [0, 1); trust_coefficient not positive and finite; weight_decay
///   or eps negative, NaN or infinite.
/// Source: Y. You, I. Gitman, B. Ginsburg, Large batch training of convolutional networks, 2017.
/// Differs: rate outside the velocity, as timm and `Momentum`; the paper has it inside, which is
///   the same for a constant rate. `trust_clip` is timm's, LARC. timm scales only where
///   weight_decay > 0 unless always_adapt is set. optax takes the norm of g + weight_decay * p, no
///   eps, and has the rate inside.
struct LARS {
  static constexpr const char* name = "LARS";
  static constexpr const char* fields =
      "momentum trust_coefficient weight_decay eps trust_clip rate_inside";
  double momentum = 0.9;
  double trust_coefficient = 1e-3;
  double weight_decay = 0;
  double eps = 1e-8;
  bool trust_clip = false;
  bool rate_inside = false;

  constexpr std::array<Slot, 1> slots() const { return {{{"b"}}}; }

  template <Real T>
  struct Kernel {
    T momentum, weight_decay, size, rate;
    double trust_coefficient, eps, clip_at;  // the rate to clip at; negative for none

    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 1>& s) const {
      auto& [b] = s;
      b = limited(momentum * b + size * limited(g + weight_decay * p));
      return rate * b;
    }
    template <class M>
    constexpr Kernel for_span(std::span<double>, const M& measure) const {
      using math::ieee;
      const auto [p, g] = detail::norms<T>(measure, detail::OfBoth{});
      Kernel r = *this;
      if (!(p > 0) || !(g > 0)) return r;
      ieee ratio =
          ieee(trust_coefficient) * p / (g + ieee(static_cast<double>(weight_decay)) * p + eps);
      if (clip_at >= 0) ratio = static_cast<double>(ratio) < clip_at ? ratio / clip_at : 1.0;
      const T scaled = static_cast<T>(static_cast<double>(static_cast<double>(size) * ratio));
      if (math::is_finite(scaled)) r.size = scaled;
      return r;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const T rate = static_cast<T>(c.rate);
    return {static_cast<T>(momentum),  static_cast<T>(weight_decay),
            rate_inside ? rate : T{1}, rate_inside ? T{1} : rate,
            trust_coefficient,         eps,
            trust_clip ? c.rate : -1.0};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(
        detail::check_beta<T>(name, "momentum", momentum),
        detail::check_divisor<double>(name, "trust_coefficient", trust_coefficient),
        detail::check_weight<T>(name, "weight_decay", weight_decay),
        detail::check_weight<double>(name, "eps", eps));
  }
  constexpr bool operator==(const LARS&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
