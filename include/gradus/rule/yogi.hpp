#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Yogi: Adam whose v changes by at most (1 - beta2) * g^2 at each step, so that the rate of a
/// parameter cannot grow quickly.
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
/// Errors: as Adam; initial_accumulator_value negative, NaN or infinite; initial_m NaN or infinite.
/// Source: M. Zaheer et al., Adaptive methods for nonconvex optimization, 2018, which makes no
///   correction. Correction and initial values are those of its implementations.
/// Differs: optax and kozistr start m as well, `.initial_m = 1e-6`, so that parameters move before
///   they have had a gradient. ensmallen: `.eps = 1e-8, .initial_accumulator_value = 0,
///   .bias_correction = false`.
struct Yogi {
  static constexpr const char* name = "Yogi";
  static constexpr const char* fields =
      "beta1 beta2 eps initial_accumulator_value initial_m bias_correction";
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
    detail::Beta<T> beta1;
    T rest2;
    detail::Size<T> size;
    simd::Divisor<T> root;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      const V h = squarable(g), square = h * h;
      m = mean(beta1, m, h);
      v = v - sign(v - square) * (rest2 * square);
      return ratio(size, m, divide_root(sqrt(v), root) + eps);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const double c1 = detail::bias_correction(beta1, c, bias_correction);
    const double c2 = detail::bias_correction(beta2, c, bias_correction);
    return {beta1, static_cast<T>(1.0 - beta2), detail::round_to<T>(math::ieee(c.rate) / c1),
            simd::Divisor<T>(math::sqrt(c2)), static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    if (const Fault fault = detail::first_fault(
            detail::check_adam<T>(name, beta1, beta2, eps),
            detail::check_weight<T>(name, "initial_accumulator_value", initial_accumulator_value)))
      return fault;
    if (!math::is_finite(initial_m)) return {name, "initial_m", "must be finite", initial_m};
    return detail::check_room<T>(name, "initial_m", initial_m);
  }
  constexpr bool operator==(const Yogi&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
