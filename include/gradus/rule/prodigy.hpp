#pragma once

#include <array>
#include <optional>
#include <span>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Prodigy: AdamW that finds its rate: d is a lower bound of the distance to the solution.
///
///   l = rate * d, with `bias_correction` times sqrt(1 - beta2^n) / (1 - beta1^n), n = t + 1
///   w = l * d / d0
///   a <- beta3 * a + w * sum(g * (start - p));  s <- beta3 * s + w * g
///   m <- beta1 * m + (1 - beta1) * d * g;  v <- beta2 * v + (1 - beta2) * (d * g)^2
///   e = d_coef * a / sum(|s|);  d <- max(d, e) where d = d0;  top <- max(top, e)
///   d <- min(top, growth_rate * d);  p <- (1 - l * weight_decay) * p - l * m / (sqrt(v) + eps * d)
///
/// Domain: beta1, beta2, beta3 in [0, 1), beta3 sqrt(beta2) if not given; d0, eps, d_coef > 0,
///   weight_decay >= 0, growth_rate >= 1. `safeguard_warmup` has s <- beta3 * s + d * d / d0 * g,
///   for a schedule that warms up. An e that is not finite, or of a rate of 0, leaves d alone.
///   `growth_rate` does not hold for the first rise of d.
/// Units: rate is a plain number: `Constant{1.0}`, or a schedule that falls from 1. d and d0
///   are in units of the parameter, eps of the gradient; weight_decay is 1 / rate.
/// State: four slots, m, v, s and start; three scalars, d, top and a ("d", "top", "sum").
/// Traffic: 60 bytes a parameter in float (a pass that reads p, g, s, start; reads p, g, m, v, s,
///   start; writes p, m, v, s, start).
/// Init: m = v = s = a = 0, start = p at construction, d = top = d0.
/// Cost: one root and one division a parameter; two sums over all parameters.
/// Errors: a beta NaN or outside [0, 1); d0, d_coef or eps not positive and finite, or eps zero in
///   the parameters' type, also times d0; weight_decay negative, NaN or infinite; growth_rate NaN
///   or below 1; an optimizer constructed with a number of parameters instead of the parameters.
/// Source: K. Mishchenko, A. Defazio, Prodigy: an expeditiously adaptive parameter-free learner,
///   2023.
/// Differs: as the authors' code, except for steps of zero gradients at the start, and all at a
///   rate of 0, which they leave out. optax always corrects the bias and has no growth_rate.
struct Prodigy {
  static constexpr const char* name = "Prodigy";
  static constexpr const char* fields =
      "beta1 beta2 beta3 eps weight_decay d0 d_coef growth_rate bias_correction safeguard_warmup";
  double beta1 = 0.9;
  double beta2 = 0.999;
  std::optional<double> beta3 = {};
  double eps = 1e-8;
  double weight_decay = 0;
  double d0 = 1e-6;
  double d_coef = 1;
  double growth_rate = math::positive_infinity<double>();
  bool bias_correction = false;
  bool safeguard_warmup = false;

  static constexpr std::array<bool, 4> not_negative{false, true, false, false};
  constexpr std::array<Slot, 4> slots() const {
    return {{{"m"}, {"v"}, {"s"}, {"start", 0, Slot::From::params}}};
  }
  constexpr std::array<Scalar, 3> scalars() const { return {{{"d", d0}, {"top", d0}, {"sum"}}}; }

  template <Real T>
  struct Kernel {
    T beta1, gain1, beta2, gain2, beta3, gain3;
    detail::Factor<T> keep;
    detail::Size<T> rate;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, 4>& slots) const {
      auto& [m, v, s, start] = slots;
      const V h = squarable(g);
      m = limited(beta1 * m + gain1 * h);
      v = limited(beta2 * v + (gain2 * h) * h);
      s = limited(beta3 * s + gain3 * h);
      p = keep * p;
      return ratio(rate, m, sqrt(v) + eps);
    }
  };
  /// How far the gradients have pulled along the way from the start, and |s| at its new value.
  template <Real T>
  struct Pull {
    static constexpr std::size_t count = 2;
    T beta3, gain3;
    template <class V>
    GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V& p, const V& g,
                                                       const std::array<V, 4>& s) const {
      return {Product<V>{squarable(g), limited(s[3] - p)},
              Product<V>{abs(limited(beta3 * s[2] + gain3 * squarable(g))), V(T{1})}};
    }
  };
  template <Real T, class M>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 3> scalars,
                              const M& measure) const {
    using detail::round_to;
    using math::ieee;
    const ieee d = scalars[0], gain = d / d0, beta = mean3();
    const double corrected =
        bias_correction ? detail::bias_correction_of_rate(beta1, beta2, c) : 1.0;
    const ieee rate = c.rate * d * corrected;
    const T keep3 = static_cast<T>(mean3()),
            gain3 = round_to<T>(gain * (safeguard_warmup ? d : rate));
    const auto [pull, length] = measure(Pull<T>{keep3, gain3});
    const ieee sum = beta * scalars[2] + gain * rate * pull;
    if (math::is_finite(static_cast<double>(sum))) scalars[2] = static_cast<double>(sum);
    if (c.rate > 0 && length > 0)
      grow(scalars[0], scalars[1], static_cast<double>(d_coef * sum / length));
    return {static_cast<T>(beta1),
            round_to<T>(d * (1.0 - ieee(beta1))),
            static_cast<T>(beta2),
            round_to<T>(d * d * (1.0 - ieee(beta2))),
            keep3,
            gain3,
            round_to<T>(1.0 - rate * weight_decay),
            round_to<T>(rate),
            round_to<T>(scalars[0] * ieee(eps))};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(
        detail::check_beta<T>(name, "beta1", beta1), detail::check_beta<T>(name, "beta2", beta2),
        beta3 ? detail::check_beta<T>(name, "beta3", *beta3) : Fault{},
        detail::check_weight<T>(name, "weight_decay", weight_decay),
        detail::check_divisor<T>(name, "d0", d0), detail::check_divisor<T>(name, "eps", eps),
        static_cast<T>(static_cast<double>(math::ieee(eps) * d0)) > 0
            ? Fault{}
            : Fault{name, "eps", "must be representable in the parameters' type, also times d0",
                    eps},
        detail::check_divisor<double>(name, "d_coef", d_coef),
        detail::check_growth(name, "growth_rate", growth_rate));
  }
  constexpr bool operator==(const Prodigy&) const = default;

 private:
  constexpr double mean3() const { return beta3 ? *beta3 : math::sqrt(beta2); }
  constexpr void grow(double& d, double& top, const double& estimate) const {
    if (!math::is_finite(estimate)) return;
    if (d == d0 && estimate > d) d = estimate;
    if (estimate > top) top = estimate;
    const double grown = static_cast<double>(math::ieee(d) * growth_rate);
    d = grown < top ? grown : top;
  }
};

}}  // namespace gradus::GRADUS_ABI
