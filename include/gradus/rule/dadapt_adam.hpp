#pragma once

#include <array>
#include <span>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/growth.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// AdamW with D-Adaptation, which finds the rate: d is a lower bound of the distance to the
/// solution.
///
///   l = rate * d, times sqrt(1 - beta2^n) / (1 - beta1^n) with `bias_correction`;  b = sqrt(beta2)
///   a <- b * a + (1 - b) * l * sum(g * s / (sqrt(v) + eps));  s <- b * s + (1 - b) * l * g
///   m <- beta1 * m + (1 - beta1) * l * g;  v <- beta2 * v + (1 - beta2) * g^2
///   d <- max(d, min(a / ((1 - b) * sum(|s|)), growth_rate * d))
///   p <- (1 - l * weight_decay) * p - m / (sqrt(v) + eps)
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, weight_decay >= 0, d0 > 0, growth_rate >= 1. An
///   estimate that is not finite, or at a rate of 0, leaves d alone.
/// Units: rate is a plain number: `Constant{1.0}`, or a schedule that falls from 1. d and d0 are in
///   units of the parameter, eps of the gradient; weight_decay is 1 / rate. The rate is in m.
/// State: three slots, m, v and s; two scalars, d and a ("d", "sum").
/// Traffic: 48 bytes a parameter in float (a pass that reads g, v, s; reads p, g, m, v, s; writes
///   p, m, v, s).
/// Init: m = v = s = a = 0, d = d0.
/// Cost: two roots and two divisions a parameter; two sums over all parameters.
/// Errors: a beta NaN or outside [0, 1); eps or d0 not positive and finite, or zero in the
///   parameters' type; weight_decay negative, NaN or infinite; growth_rate NaN or below 1.
/// Source: A. Defazio, K. Mishchenko, Learning-rate-free learning by D-Adaptation, 2023.
/// Differs: the published version, as optax (which always corrects the bias) and the third version
///   of the authors' code; the first version estimated d from other sums.
struct DAdaptAdam {
  static constexpr const char* name = "DAdaptAdam";
  static constexpr const char* fields =
      "beta1 beta2 eps weight_decay d0 growth_rate bias_correction";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
  double d0 = 1e-6;
  double growth_rate = math::positive_infinity<double>();
  bool bias_correction = false;

  static constexpr std::array<bool, 3> not_negative{false, true, false};
  constexpr std::array<Slot, 3> slots() const { return {{{"m"}, {"v"}, {"s"}}}; }
  constexpr std::array<Scalar, 2> scalars() const { return {{{"d", d0}, {"sum"}}}; }

  template <Real T>
  struct Kernel {
    T beta1, gain1;
    detail::Beta<T> beta2;
    T beta3, gain3;
    detail::Factor<T> keep;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, 3>& slots) const {
      auto& [m, v, s] = slots;
      const V h = squarable(g);
      m = limited(beta1 * m + gain1 * h);
      v = mean_of_squares(beta2, v, h);
      s = limited(beta3 * s + gain3 * h);
      p = keep * p;
      return m / (sqrt(v) + eps);
    }
  };
  template <Real T>
  struct Pull {
    static constexpr std::size_t count = 2;
    T beta3, gain3, eps;
    template <class V>
    GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V&, const V& g,
                                                       const std::array<V, 3>& slots) const {
      const auto& [m, v, s] = slots;
      return {Product<V>{squarable(g), limited(s / (sqrt(v) + eps))},
              Product<V>{abs(limited(beta3 * s + gain3 * squarable(g))), V(T{1})}};
    }
  };
  template <Real T, class M>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 2> scalars,
                              const M& measure) const {
    using detail::round_to;
    using math::ieee;
    const ieee beta = math::sqrt(beta2), rest = 1.0 - beta;
    double &d = scalars[0], &sum = scalars[1];
    const double corrected =
        bias_correction ? detail::bias_correction_of_rate(beta1, beta2, c) : 1.0;
    const ieee rate = c.rate * ieee(d) * corrected;
    const T beta3 = static_cast<T>(math::sqrt(beta2)), gain3 = round_to<T>(rate * rest);
    const auto [pull, length] = measure(Pull<T>{beta3, gain3, static_cast<T>(eps)});
    const ieee next = beta * sum + rest * rate * pull;
    if (math::is_finite(static_cast<double>(next))) sum = static_cast<double>(next);
    if (c.rate > 0 && length > 0)
      d = detail::grown(d, static_cast<double>(next / (rest * length)), growth_rate);
    return {static_cast<T>(beta1),
            round_to<T>(rate * (1.0 - ieee(beta1))),
            beta2,
            beta3,
            gain3,
            round_to<T>(1.0 - rate * weight_decay),
            static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_adam<T>(name, beta1, beta2, eps),
                               detail::check_weight<T>(name, "weight_decay", weight_decay),
                               detail::check_divisor<T>(name, "d0", d0),
                               detail::check_growth(name, "growth_rate", growth_rate));
  }
  constexpr bool operator==(const DAdaptAdam&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
