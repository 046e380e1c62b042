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

/// Padam: AMSGrad with a smaller power of its second moment, between Adam (power 1/2) and SGD with
/// momentum (power 0).
///
///   m <- beta1 * m + (1 - beta1) * g
///   v <- beta2 * v + (1 - beta2) * g^2;  s <- max(s, v)
///   c <- sqrt(1 - beta2^n) / (1 - beta1^n),  n = t + 1
///   p <- p - rate * c * m / (sqrt(s) + eps)^(2 * power)
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, power 1/2, 1/4, 1/8 or 1/16: a kernel has square roots
///   and no other powers. Without bias_correction, c is 1.
/// Units: m and eps are in units of the gradient, v and s of its square; the rate is in units of
///   the parameter, times the gradient's to the power of 2 * power - 1. It is larger than Adam's:
///   the paper takes 0.1 with a power of 1/8.
/// State: three slots, m, v and s.
/// Traffic: 36 bytes a parameter in float (reads p, g, m, v, s; writes p, m, v, s).
/// Init: m = v = s = 0.
/// Cost: one to four square roots and one division a parameter; two powers a step.
/// Errors: as Adam; any other power.
/// Source: J. Chen, D. Zhou, Y. Tang, Z. Yang, Y. Cao, Q. Gu, Closing the generalization gap of
///   adaptive gradient methods in training deep neural networks, 2018.
/// Differs: as the authors' implementation and ensmallen, whose powers (`partial`) are 1/4 by
///   default and may be any number. The paper corrects nothing: `.bias_correction = false`.
struct PAdam {
  static constexpr const char* name = "PAdam";
  static constexpr const char* fields = "beta1 beta2 eps power bias_correction";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double power = 0.125;
  bool bias_correction = true;

  static constexpr std::array<bool, 3> not_negative{false, true, true};
  constexpr std::array<Slot, 3> slots() const { return {{{"m"}, {"v"}, {"s"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1;
    detail::WideBeta<T> beta2;
    T eps;
    int roots;  // beyond the first: (sqrt(s) + eps)^(2 * power)
    detail::Size<T> size;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 3>& slots) const {
      auto& [m, v, s] = slots;
      m = mean(beta1, m, g);
      v = mean_of_squares(beta2, v, g);
      s = max(s, v);
      V root = sqrt(s) + eps;
      for (int k = 0; k < roots; ++k) root = sqrt(root);
      return ratio(size, m, root);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const double c1 = detail::bias_correction(beta1, c, bias_correction);
    const double c2 = detail::bias_correction(beta2, c, bias_correction);
    return {
        beta1,
        beta2,
        static_cast<T>(eps),
        power >= 0.5     ? 0
        : power >= 0.25  ? 1
        : power >= 0.125 ? 2
                         : 3,
        {detail::round_to<T>(math::ieee(c.rate) * math::sqrt(c2) / c1), detail::is_mean<T>(beta1)}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    if (const Fault fault = detail::check_adam<T>(name, beta1, beta2, eps)) return fault;
    if (power == 0.5 || power == 0.25 || power == 0.125 || power == 0.0625) return {};
    return {name, "power", "must be 1/2, 1/4, 1/8 or 1/16", power};
  }
  constexpr bool operator==(const PAdam&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
