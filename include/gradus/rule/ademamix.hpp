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

/// AdEMAMix: Adam with a second, much slower momentum beside the first.
///
///   m <- beta1 * m + (1 - beta1) * g;  slow <- beta3 * slow + (1 - beta3) * g
///   v <- beta2 * v + (1 - beta2) * g^2
///   p <- p - rate * (m / (1 - beta1^n) + alpha * slow) / (sqrt(v) / sqrt(1 - beta2^n) + eps),
///   n = t + 1
///   the paper's schedules over T steps, often all, by `vary`, with x = min(t / T, 1):
///   alpha(t) = x * alpha, a `Linear`
///   beta3(t) = exp(a * b / ((1 - x) * b + x * a)),  a = log(beta1), b = log(beta3)
///
/// Domain: beta1, beta2, beta3 in [0, 1), alpha >= 0, eps > 0.
/// Units: m, slow and eps are in units of the gradient, v of its square; the rate is in units of
///   the parameter.
/// State: three slots, m, slow and v.
/// Traffic: 36 bytes a parameter in float (reads p, g, m, slow, v; writes p, m, slow, v).
/// Init: m = slow = v = 0. The slow momentum is not corrected.
/// Cost: one square root and two divisions a parameter (one where the processor has a fused
///   multiply-add); two powers a step.
/// Errors: as Adam, also of beta3; alpha negative, NaN or infinite.
/// Source: M. Pagliardini, P. Ablin, D. Grangier, The AdEMAMix optimizer: better, faster, older,
///   2024.
/// Differs: as optax. The authors' PyTorch code evaluates the schedules at t + 1 (`Shift`).
///   Weight decay is `WeightDecay` behind it.
struct AdEMAMix {
  static constexpr const char* name = "AdEMAMix";
  static constexpr const char* fields = "beta1 beta2 beta3 alpha eps";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double beta3 = 0.9999;
  double alpha = 5;
  double eps = 1e-8;

  static constexpr std::array<bool, 3> not_negative{false, false, true};
  constexpr std::array<Slot, 3> slots() const { return {{{"m"}, {"slow"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1, beta2, beta3;
    T size_m, size_slow;
    simd::Divisor<T> root;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 3>& s) const {
      auto& [m, slow, v] = s;
      const V h = squarable(g);
      m = mean(beta1, m, h);
      slow = mean(beta3, slow, h);
      v = mean_of_squares(beta2, v, h);
      return (size_m * m + size_slow * slow) / (divide_root(sqrt(v), root) + eps);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const ieee rate = c.rate;
    const double root = math::sqrt(detail::bias_correction(beta2, c));
    return {beta1,
            beta2,
            beta3,
            detail::round_to<T>(rate / detail::bias_correction(beta1, c)),
            detail::round_to<T>(rate * alpha),
            simd::Divisor<T>(root),
            static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_adam<T>(name, beta1, beta2, eps),
                               detail::check_beta<T>(name, "beta3", beta3),
                               detail::check_weight<T>(name, "alpha", alpha));
  }
  constexpr bool operator==(const AdEMAMix&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
