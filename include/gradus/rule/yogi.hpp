#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Yogi: Adam whose mean of squares changes by the gradient's square and no more, so that the
/// steps cannot grow fast.
///
///   m <- beta1 * m + (1 - beta1) * g
///   v <- v - (1 - beta2) * sign(v - g^2) * g^2
///   p <- p - rate / (1 - beta1^n) * m / (sqrt(v) / sqrt(1 - beta2^n) + eps),  n = t + 1
///   if not `bias_correction`:  p <- p - rate * m / (sqrt(v) + eps)
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, initial_accumulator_value >= 0, initial_m finite.
/// Units: m, initial_m and eps are in units of the gradient, v and initial_accumulator_value of its
///   square; the rate is in units of the parameter.
/// State: two slots, m and v.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = initial_m, v = initial_accumulator_value.
/// Cost: one square root, two divisions (one where the processor has a fused multiply-add) and
///   two comparisons a parameter; two powers a step.
/// Errors: a beta NaN or outside [0, 1); eps zero, negative, NaN, infinite, or zero once rounded to
///   the parameters' type; initial_accumulator_value negative, NaN or infinite; initial_m NaN or
///   infinite.
/// Source: M. Zaheer et al., Adaptive methods for nonconvex optimization, 2018, which makes no
///   correction. Correction and initial values are those of its implementations.
/// Differs: optax and kozistr start m as well, `.initial_m = 1e-6`, so that parameters move before
///   they have had a gradient. ensmallen: `.eps = 1e-8, .initial_accumulator_value = 0,
///   .bias_correction = false`.
struct Yogi {
  static constexpr const char* name = "Yogi";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-3;
  double initial_accumulator_value = 1e-6;
  double initial_m = 0;
  bool bias_correction = true;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const {
    return {{{"m", initial_m}, {"v", initial_accumulator_value}}};
  }

  template <Real T>
  struct Kernel {
    T beta1, rest1, rest2;
    detail::Size<T> size;
    simd::Divisor<T> root;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      const V h = squarable(g), square = h * h;
      m = beta1 * m + rest1 * h;
      v = v - sign(v - square) * (rest2 * square);
      return ratio(size, m, divide_root(sqrt(v), root) + eps);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const double left1 = bias_correction ? math::pow(beta1, c.n()) : 0.0;
    const double left2 = bias_correction ? math::pow(beta2, c.n()) : 0.0;
    return {static_cast<T>(beta1),
            static_cast<T>(1.0 - beta1),
            static_cast<T>(1.0 - beta2),
            detail::round_to<T>(math::ieee(c.rate) / (1.0 - left1)),
            simd::Divisor<T>(math::sqrt(1.0 - left2)),
            static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    if (const Fault fault = detail::first_fault(
            detail::check_beta<T>(name, "beta1", beta1),
            detail::check_beta<T>(name, "beta2", beta2), detail::check_divisor<T>(name, "eps", eps),
            detail::check_weight<T>(name, "initial_accumulator_value", initial_accumulator_value)))
      return fault;
    if (!math::is_finite(initial_m)) return {name, "initial_m", "must be finite", initial_m};
    return detail::check_room<T>(name, "initial_m", initial_m);
  }
  constexpr bool operator==(const Yogi&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
