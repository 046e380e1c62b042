#pragma once

#include <array>
#include <span>

#include <gradus/concept/kernel.hpp>
#include <gradus/concept/slot.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/rule/part/growth.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// SGD with momentum and D-Adaptation, which finds the rate: d is a lower bound of the distance to
/// the solution.
///
///   l = rate * d / G, G the norm of the first gradients that are not all 0
///   a <- a + l * sum(g * s);  s <- s + l * g;  d <- max(d, min(2 * a / |s|, growth_rate * d))
///   p <- momentum * p + (1 - momentum) * (start - s)
///
/// Domain: momentum in [0, 1), d0 > 0, growth_rate >= 1. Norms are over all spans; one that is not
///   finite counts as 0, and leaves d alone.
/// Units: rate is a plain number: `Constant{1.0}`, or a schedule that falls from 1. d, d0 and s
///   are in units of the parameter.
/// State: two slots, s and start; three scalars, d, a and G ("d", "sum", "norm").
/// Traffic: 36 bytes a parameter in float (a pass that reads g, s; reads p, g, s, start; writes p,
///   s, start).
/// Init: s = a = G = 0, start = p at construction, d = d0.
/// Cost: two multiplications and three additions a parameter; two sums over all parameters.
/// Errors: momentum NaN or outside [0, 1); d0 not positive and finite; growth_rate NaN or below 1;
///   an optimizer constructed with a number of parameters instead of the parameters.
/// Source: A. Defazio, K. Mishchenko, Learning-rate-free learning by D-Adaptation, 2023.
/// Differs: as the authors' code, whose momentum is 0 unless set. Its
///   weight decay is `L2` before it. The step l knows distances and slopes, but no curvatures: as
///   plain descent, it diverges where rate * d / G exceeds 2 / curvature, there as here. The mean
///   over the steps bears (1 + momentum) / (1 - momentum) times that, 19 times at 0.9; else lower
///   the rate. With a momentum, d may exceed the distance.
struct DAdaptSGD {
  static constexpr const char* name = "DAdaptSGD";
  static constexpr const char* fields = "momentum d0 growth_rate";
  double momentum = 0.9;
  double d0 = 1e-6;
  double growth_rate = math::positive_infinity<double>();

  constexpr std::array<Slot, 2> slots() const {
    return {{{"s"}, {"start", 0, Slot::From::params}}};
  }
  constexpr std::array<Scalar, 3> scalars() const { return {{{"d", d0}, {"sum"}, {"norm"}}}; }

  template <Real T>
  struct Kernel {
    T rate, rest;
    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 2>& slots) const {
      auto& [s, start] = slots;
      s = limited(s + rate * g);
      return rest * (limited(p - start) + s);
    }
  };
  template <Real T>
  struct Pull {
    static constexpr std::size_t count = 2;
    T rate;
    template <class V>
    GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V&, const V& g,
                                                       const std::array<V, 2>& slots) const {
      const V s = limited(slots[0] + rate * g);
      return {Product<V>{g, slots[0]}, Product<V>{s, s}};
    }
  };
  template <Real T, class M>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 3> scalars,
                              const M& measure) const {
    using math::ieee;
    double &d = scalars[0], &sum = scalars[1], &norm = scalars[2];
    if (norm == 0) norm = detail::norms<T>(measure, detail::OfGradients{})[0];
    const ieee rate = norm > 0 ? c.rate * ieee(d) / norm : ieee(0.0);
    const T rounded = detail::round_to<T>(rate);
    const auto [pull, square] = measure(Pull<T>{rounded});
    const ieee next = sum + rate * pull;
    if (math::is_finite(static_cast<double>(next))) sum = static_cast<double>(next);
    if (c.rate > 0 && square > 0)
      d = detail::grown(d, static_cast<double>(2.0 * next / math::sqrt(square)), growth_rate);
    return {rounded, static_cast<T>(1.0 - momentum)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_beta<T>(name, "momentum", momentum),
                               detail::check_divisor<T>(name, "d0", d0),
                               detail::check_growth(name, "growth_rate", growth_rate));
  }
  constexpr bool operator==(const DAdaptSGD&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
