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

/// AdaBelief: Adam with the squared deviation of the gradient from its running mean in place of the
/// squared gradient.
///
///   s <- beta2 * s + (1 - beta2) * w * (g - m)^2 + eps_root,  m as it was before
///   m <- beta1 * m + (1 - beta1) * g
///   p <- p - rate / (1 - beta1^n) * m / (sqrt(s) / sqrt(1 - beta2^n) + eps),  n = t + 1
///   w = beta1^2, which makes it the deviation from the updated m; 1 if not `updated`
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, eps_root >= 0.
/// Units: m and eps are in units of the gradient, s and eps_root of its square; the rate is in
///   units of the parameter.
/// State: two slots, m and s.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, s; writes p, m, s).
/// Init: m = s = 0.
/// Cost: one square root and two divisions a parameter (one where the processor has a fused
///   multiply-add); two powers a step.
/// Errors: as Adam; eps_root negative, NaN or infinite.
/// Source: J. Zhuang et al., AdaBelief optimizer: adapting stepsizes by the belief in observed
///   gradients, 2020. eps_root is added at every step and accumulates, as there.
/// Differs: optax takes the deviation from the momentum before its update, `.updated = false`.
///   ensmallen: `.eps = 1e-8, .eps_root = 1e-8`. Rectification is not here.
struct AdaBelief {
  static constexpr const char* name = "AdaBelief";
  static constexpr const char* fields = "beta1 beta2 eps eps_root updated";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-16;
  double eps_root = 1e-16;
  bool updated = true;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"s"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1;
    detail::Factor<T> beta2;
    T rest2, eps_root, size;
    simd::Divisor<T> root;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& slots) const {
      auto& [m, s] = slots;
      const V h = squarable(g), off = h - m;
      s = beta2 * s + (rest2 * off) * off + eps_root;
      m = mean(beta1, m, h);
      return size * m / (divide_root(sqrt(s), root) + eps);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const ieee weight = updated ? ieee(beta1) * beta1 : ieee(1.0);
    const ieee size = ieee(c.rate) / detail::bias_correction(beta1, c);
    const double root = math::sqrt(detail::bias_correction(beta2, c));
    return {beta1,
            static_cast<T>(beta2),
            detail::round_to<T>((1.0 - ieee(beta2)) * weight),
            static_cast<T>(eps_root),
            detail::round_to<T>(size),
            simd::Divisor<T>(root),
            static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_adam<T>(name, beta1, beta2, eps),
                               detail::check_weight<T>(name, "eps_root", eps_root));
  }
  constexpr bool operator==(const AdaBelief&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
