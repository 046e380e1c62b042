#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Quasi-hyperbolic Adam: Adam that uses weighted means of g and m, and of g^2 and v, in place of m
/// and v.
///
///   m, v as in Adam;  M = m / (1 - beta1^n),  V = v / (1 - beta2^n),  n = t + 1
///   p <- p - rate * ((1 - nu1) * g + nu1 * M) / (sqrt((1 - nu2) * g^2 + nu2 * V) + eps)
///
/// Domain: beta1, beta2 in [0, 1), nu1, nu2 in [0, 1], eps > 0.
/// Units: as Adam.
/// State: two slots, m and v.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = v = 0.
/// Cost: one square root and one division a parameter; two powers a step.
/// Errors: as Adam; a nu NaN or outside [0, 1].
/// Source: J. Ma, D. Yarats, Quasi-hyperbolic momentum and Adam for deep learning, 2019.
/// Differs: the defaults are those that the authors recommend; those of their and kozistr's
///   constructors, `.beta1 = 0.9, .nu1 = 1`, are Adam's.
struct QHAdam {
  static constexpr const char* name = "QHAdam";
  static constexpr const char* fields = "beta1 beta2 nu1 nu2 eps";
  double beta1 = 0.995;
  double beta2 = 0.999;
  double nu1 = 0.7;
  double nu2 = 1;
  double eps = 1e-8;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1, beta2;
    T size_g, size_m, weight_g, weight_v, eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      const V h = squarable(g);
      m = mean(beta1, m, h);
      v = mean_of_squares(beta2, v, h);
      const V square = (weight_g * h) * h + weight_v * v;
      return (size_g * h + size_m * m) / (sqrt(square) + eps);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const ieee rate = c.rate;
    return {beta1,
            beta2,
            detail::round_to<T>(rate * (1.0 - nu1)),
            detail::round_to<T>(rate * nu1 / detail::bias_correction(beta1, c)),
            static_cast<T>(1.0 - nu2),
            detail::round_to<T>(ieee(nu2) / detail::bias_correction(beta2, c)),
            static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_adam<T>(name, beta1, beta2, eps),
                               detail::check_fraction(name, "nu1", nu1),
                               detail::check_fraction(name, "nu2", nu2));
  }
  constexpr bool operator==(const QHAdam&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
