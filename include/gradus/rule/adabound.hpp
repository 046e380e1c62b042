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

/// AdaBound: Adam that clips the rate of each parameter to bounds. The bounds converge to one rate,
/// so that the training ends as SGD with momentum.
///
///   m, v as in Adam;  low = rate * final_ratio * (1 - 1 / (gamma * n + 1))
///   high = rate * final_ratio * (1 + 1 / (gamma * n)),  n = t + 1
///   size = rate * sqrt(1 - beta2^n) / (1 - beta1^n) / (sqrt(v) + eps), clipped to [low, high]
///   p <- p - size * m
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, final_ratio >= 0, gamma > 0.
/// Units: final_ratio is the last rate, SGD's, for each unit of the rate: `final_lr / lr` of the
///   authors' implementation, 0.1 / 1e-3. gamma is 1 / step; the rest as Adam.
/// State: two slots, m and v.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = v = 0.
/// Cost: one square root, one division and two comparisons a parameter; two powers a step.
/// Errors: as Adam; final_ratio negative, NaN or infinite; gamma zero, negative, NaN or infinite.
/// Source: L. Luo et al., Adaptive gradient methods with dynamic bound of learning rate, 2019.
/// Differs: as the authors' implementation and ensmallen: eps is not divided by the correction, and
///   the bounds follow the rate's schedule. The paper makes no correction. With the maximum of v it
///   is `AMSBound`.
struct AdaBound {
  static constexpr const char* name = "AdaBound";
  static constexpr const char* fields = "beta1 beta2 eps final_ratio gamma";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double final_ratio = 100;
  double gamma = 1e-3;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1, beta2;
    T size, eps, low, high;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      moments(g, m, v);
      return bounded(v) * m;
    }
    template <class V>
    GRADUS_KERNEL void moments(const V& g, V& m, V& v) const {
      const V h = squarable(g);
      m = mean(beta1, m, h);
      v = mean_of_squares(beta2, v, h);
    }
    template <class V>
    GRADUS_KERNEL V bounded(const V& v) const {
      return min(V(high), max(V(low), size / (sqrt(v) + eps)));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const ieee rate = c.rate, last = rate * final_ratio, passed = ieee(gamma) * c.n();
    const ieee root = math::sqrt(detail::bias_correction(beta2, c));
    return {beta1,
            beta2,
            detail::round_to<T>(rate * root / detail::bias_correction(beta1, c)),
            static_cast<T>(eps),
            detail::round_to<T>(last * (1.0 - 1.0 / (passed + 1.0))),
            detail::round_to<T>(last * (1.0 + 1.0 / passed))};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return check_as<T>(name);
  }
  /// The same for a rule that is built on this one and has a name of its own.
  template <Real T>
  constexpr Fault check_as(const char* type) const {
    return detail::first_fault(detail::check_adam<T>(type, beta1, beta2, eps),
                               detail::check_weight<T>(type, "final_ratio", final_ratio),
                               detail::check_divisor<double>(type, "gamma", gamma));
  }
  constexpr bool operator==(const AdaBound&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
