#pragma once

#include <array>
#include <span>

#include <gradus/concept/kernel.hpp>
#include <gradus/concept/slot.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// LAMB: Adam's step, scaled for each span (a layer's tensor) by the norm of its parameters over
/// the norm of the step.
///
///   m, v as in Adam
///   u = m / (1 - beta1^n) / (sqrt(v) / sqrt(1 - beta2^n) + eps) + weight_decay * p
///   trust = min(|p| / |u|, max_trust) for each span; 1 where a norm is 0 or not finite, or
///     rate * trust overflows, or with `only_decayed` and no weight_decay
///   p <- p - rate * trust * u
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, weight_decay >= 0, max_trust > 0, also infinite.
/// Units: the rate is a fraction of the parameters' norm; the rest as Adam.
/// State: two slots, m and v.
/// Traffic: 44 bytes a parameter in float (a pass that reads p, g, m, v; then Adam's).
/// Init: m = v = 0.
/// Cost: two square roots and four divisions a parameter; two powers a step.
/// Errors: as Adam; weight_decay negative, NaN or infinite; max_trust NaN, zero or negative.
/// Source: Y. You et al., Large batch optimization for deep learning: training BERT in 76
///   minutes, 2020.
/// Differs: norms over each span of a call, in double over a fixed tree. timm's trust_clip is a
///   max_trust of 1, its always_adapt = false is `only_decayed`, and it clips the global norm at 1
///   by default: `Chain{ClipNorm{1}, LAMB{}}`. The paper also bounds |p|; optax and Keras do not.
struct LAMB {
  static constexpr const char* name = "LAMB";
  static constexpr const char* fields = "beta1 beta2 eps weight_decay max_trust only_decayed";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-6;
  double weight_decay = 0.01;
  double max_trust = math::positive_infinity<double>();
  bool only_decayed = false;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    Adam::Kernel<T> adam;  // for a rate of 1
    T weight_decay, rate;
    double max_trust;  // 0: none

    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 2>& s) const {
      return rate * limited(limited(adam(p, squarable(g), s)) + weight_decay * p);
    }
    // The norms of p and u, before anything is stored.
    struct Norms {
      static constexpr std::size_t count = 2;
      Kernel kernel;
      template <class V>
      GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V& p, const V& g,
                                                         const std::array<V, 2>& s) const {
        std::array<V, 2> next = s;
        const V u = limited(limited(kernel.adam(p, squarable(g), next)) + kernel.weight_decay * p);
        return {Product<V>{p, p}, Product<V>{u, u}};
      }
    };
    template <class M>
    constexpr Kernel for_span(std::span<double>, const M& measure) const {
      if (max_trust == 0) return *this;
      const auto [p, u] = detail::norms<T>(measure, Norms{*this});
      Kernel r = *this;
      if (!(p > 0) || !(u > 0)) return r;
      math::ieee trust = math::ieee(p) / u;
      if (static_cast<double>(trust) > max_trust) trust = max_trust;
      const T scaled = static_cast<T>(static_cast<double>(static_cast<double>(rate) * trust));
      if (math::is_finite(scaled)) r.rate = scaled;
      return r;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    Context unit = c;  // Adam's direction, which the trust ratio and the rate scale
    unit.rate = 1.0;
    Kernel<T> k{adam().template prepare<T>(unit), static_cast<T>(weight_decay),
                static_cast<T>(c.rate), only_decayed && weight_decay == 0 ? 0.0 : max_trust};
    k.adam.size.plain = true;  // by gradients that can be squared
    return k;
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(adam().template check_as<T>(name, true),
                               detail::check_weight<T>(name, "weight_decay", weight_decay),
                               detail::check_limit(name, "max_trust", max_trust));
  }
  constexpr bool operator==(const LAMB&) const = default;

 private:
  constexpr Adam adam() const { return {beta1, beta2, eps}; }
};

}}  // namespace gradus::GRADUS_ABI
