#pragma once

#include <array>
#include <limits>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// ADOPT: Adam in another order, which converges for every beta2: a gradient is first divided by
/// the root of v from the step before, and then enters the running mean.
///
///   u = g / max(sqrt(v), eps), clipped to [-t^power, t^power] if `clip`
///   m <- beta1 * m + (1 - beta1) * u;  v <- beta2 * v + (1 - beta2) * g^2
///   p <- p - rate * m
///   at t = 0 only  v <- g^2
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, power >= 0.
/// Units: v is in units of the gradient squared, eps of the gradient, m of neither; the rate is in
///   units of the parameter.
/// State: two slots, m and v.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = v = 0. The first update moves no parameter: it gives v its start.
/// Cost: one square root, one division and three comparisons a parameter; one power a step.
/// Errors: as Adam; power negative, NaN or infinite.
/// Source: S. Taniguchi et al., ADOPT: modified Adam can converge with any beta2 with the optimal
///   rate, 2024.
/// Differs: as the authors' implementation and optax; the paper's first algorithm is without the
///   clip, `.clip = false`. No correction: there is nothing to correct in v.
struct ADOPT {
  static constexpr const char* name = "ADOPT";
  static constexpr const char* fields = "beta1 beta2 eps power clip";
  double beta1 = 0.9;
  double beta2 = 0.9999;
  double eps = 1e-6;
  double power = 0.25;
  bool clip = true;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1, beta2;
    T eps, limit, rate;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      const V h = squarable(g), u = h / max(V(eps), sqrt(v));
      m = mean(beta1, m, max(V(-limit), min(V(limit), u)));
      v = mean_of_squares(beta2, v, h);
      return rate * m;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const bool first = c.t == 0;
    // Without the clip, what overflows is still finite, so that the first step can drop it.
    constexpr double most = static_cast<double>(std::numeric_limits<T>::max());
    const double exact = clip ? math::pow(static_cast<double>(c.t), power) : most;
    return {first ? 1.0 : beta1,  // m stays
            first ? 0.0 : beta2,  // v is the first square
            static_cast<T>(eps), static_cast<T>(exact < most ? exact : most),
            static_cast<T>(c.rate)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_adam<T>(name, beta1, beta2, eps),
                               detail::check_weight<T>(name, "power", power));
  }
  constexpr bool operator==(const ADOPT&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
