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

/// Adan: Adam with Nesterov momentum, which is computed from the change of the gradient since the
/// last step.
///
///   d = g - previous;  0 at t = 0
///   m <- beta1 * m + (1 - beta1) * g;  v <- beta2 * v + (1 - beta2) * d
///   q <- beta3 * q + (1 - beta3) * (g + beta2 * d)^2;  previous <- g
///   p <- p - rate * (m / (1 - beta1^n) + beta2 * v / (1 - beta2^n))
///            / (sqrt(q) / sqrt(1 - beta3^n) + eps),  n = t + 1
///
/// Domain: beta1, beta2, beta3 in [0, 1), eps > 0.
/// Units: m, v, previous and eps are in units of the gradient, q of its square; the rate is in
///   units of the parameter.
/// State: four slots, m, v, q and previous.
/// Traffic: 44 bytes a parameter in float (reads p, g and four slots; writes p and the slots).
/// Init: m = v = q = previous = 0.
/// Cost: one square root and two divisions a parameter (one where the processor has a fused
///   multiply-add); three powers a step.
/// Errors: as Adam, also of beta3.
/// Source: X. Xie et al., Adan: adaptive Nesterov momentum algorithm for faster optimizing deep
///   models, 2022.
/// Differs: as the authors' implementation and optax. The betas are factors of the old value; the
///   paper's are what is left of 1. The paper starts m at the first gradient and does not correct.
///   Weight decay as in the paper, (p - step) / (1 + rate * weight_decay), is `ProximalWeightDecay`
///   behind it, the implementation's `no_prox` is `WeightDecay`.
struct Adan {
  static constexpr const char* name = "Adan";
  static constexpr const char* fields = "beta1 beta2 beta3 eps";
  double beta1 = 0.98;
  double beta2 = 0.92;
  double beta3 = 0.99;
  double eps = 1e-8;

  static constexpr std::array<bool, 4> not_negative{false, false, true, false};
  constexpr std::array<Slot, 4> slots() const { return {{{"m"}, {"v"}, {"q"}, {"previous"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1, beta2, beta3;
    T known, size_m, size_v;
    simd::Divisor<T> root;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 4>& s) const {
      auto& [m, v, q, previous] = s;
      const V h = squarable(g), d = known * (h - previous), ahead = h + beta2.keep * d;
      m = mean(beta1, m, h);
      v = mean(beta2, v, d);
      q = mean_of_squares(beta3, q, ahead);
      previous = h;
      return (size_m * m + size_v * v) / (divide_root(sqrt(q), root) + eps);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const ieee rate = c.rate;
    const ieee size_m = rate / detail::bias_correction(beta1, c);
    const ieee size_v = rate * beta2 / detail::bias_correction(beta2, c);
    const double root = math::sqrt(detail::bias_correction(beta3, c));
    return {beta1,
            beta2,
            beta3,
            c.t == 0 ? T{0} : T{1},
            detail::round_to<T>(size_m),
            detail::round_to<T>(size_v),
            simd::Divisor<T>(root),
            static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_adam<T>(name, beta1, beta2, eps),
                               detail::check_beta<T>(name, "beta3", beta3));
  }
  constexpr bool operator==(const Adan&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
