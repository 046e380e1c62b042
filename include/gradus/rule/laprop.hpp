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

/// LaProp: Adam in another order: each gradient is divided by the root of v, and then enters the
/// running mean.
///
///   v <- beta2 * v + (1 - beta2) * g^2
///   m <- beta1 * m + (1 - beta1) * g / (sqrt(v) / sqrt(1 - beta2^n) + eps),  n = t + 1
///   p <- p - rate / (1 - beta1^n) * m
///
/// Domain: beta1, beta2 in [0, 1), eps > 0.
/// Units: v is in units of the gradient squared, eps of the gradient, m of neither; the rate is in
///   units of the parameter.
/// State: two slots, m and v.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = v = 0.
/// Cost: one square root and two divisions a parameter (one where the processor has a fused
///   multiply-add); two powers a step.
/// Errors: as Adam.
/// Source: L. Ziyin, Z. T. Wang, M. Ueda, LaProp: separating momentum and adaptivity in Adam, 2020.
/// Differs: as the paper. The authors' implementation, timm and kozistr have the rate inside the
///   momentum, which is the same for a constant rate only.
struct LaProp {
  static constexpr const char* name = "LaProp";
  static constexpr const char* fields = "beta1 beta2 eps";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-15;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1, beta2;
    T size;
    simd::Divisor<T> root;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      const V h = squarable(g);
      v = mean_of_squares(beta2, v, h);
      m = mean(beta1, m, h / (divide_root(sqrt(v), root) + eps));
      return size * m;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const math::ieee size = math::ieee(c.rate) / detail::bias_correction(beta1, c);
    const double root = math::sqrt(detail::bias_correction(beta2, c));
    return {beta1, beta2, detail::round_to<T>(size), simd::Divisor<T>(root), static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_adam<T>(name, beta1, beta2, eps);
  }
  constexpr bool operator==(const LaProp&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
