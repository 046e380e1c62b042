#pragma once

#include <gradus/check.hpp>
#include <gradus/interpolate.hpp>
#include <gradus/math/cospi.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/past.hpp>
#include <gradus/step.hpp>

namespace gradus::inline GRADUS_ABI {

/// Cosine annealing: half a cosine from start to end, then end for ever.
///
///   rate(t) = end + (start - end) * ((1 + cos(pi * x^k)) / 2)^exponent,  x = min(t, steps) / steps
///
/// Domain: start, end >= 0 (either may be the larger), steps > 0, exponent, k > 0, one of them 1;
///   all t. Within [min, max] of start and end.
/// Units: start and end are rates, steps a number of steps; rate(0) = start, rate(steps) = end.
///   A floor of a fraction f of the start is `.end = f * start`.
/// Cost: one division and one cosine; one power with an exponent or k.
/// Errors: start or end negative or not finite; steps not given, 0 or negative; exponent or k not
///   finite or <= 0; both other than 1.
/// Source: I. Loshchilov, F. Hutter, SGDR: stochastic gradient descent with warm restarts, 2017.
///   k: T. Zhang, W. Li, k-decay: a new method for learning rate schedule, 2020.
/// Differs: holds `end` past the end, as optax, Keras and timm. `.past = Past::mirror` climbs up
///   again, as PyTorch, tt-train, DeepSpeed and Hugging Face do; burn's begins anew after
///   steps + 1, `Repeat`. exponent is optax', k timm's k_decay. The floor is a value, in optax and
///   Keras a fraction of start.
template <Real T = double>
struct Cosine {
  static constexpr const char* name = "Cosine";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  Past past = Past::hold;
  double exponent = 1;
  double k = 1;

  constexpr T operator()(step_t t) const noexcept {
    const step_t n = steps.steps(), at = detail::place(t, n, past);
    if (exponent != 1 || k != 1) return detail::interpolate<T>(end, start, shaped(at, n));
    const math::ieee cosine = math::cospi(detail::fraction(at, n));
    return detail::interpolate<T>(end, start, static_cast<double>(0.5 + 0.5 * cosine));
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(
            detail::check_not_negative<T>(name, "start", static_cast<double>(start)),
            detail::check_not_negative<T>(name, "end", static_cast<double>(end)),
            detail::check_length(name, "steps", steps), detail::check_choice(name, "past", past),
            detail::check_positive<double>(name, "exponent", exponent),
            detail::check_positive<double>(name, "k", k)))
      return fault;
    if (exponent != 1 && k != 1) return {name, "k", "must be 1 with an exponent", k};
    return {};
  }
  constexpr bool operator==(const Cosine&) const = default;

 private:
  constexpr double shaped(step_t t, step_t n) const noexcept {
    if (exponent == 1) {
      const math::ieee cosine = math::cospi(math::pow_dd(detail::fraction_dd(t, n), k));
      return static_cast<double>(0.5 + 0.5 * cosine);
    }
    // (1 + cos(pi x)) / 2 is 1 - s^2 early and s^2 late, s the sine of half the angle to the nearer
    // end: no digit is lost that the power would miss.
    const bool late = t > n / 2;
    const math::ieee half = 0.5 * math::ieee(detail::fraction(late ? n - t : t, n));
    const math::ieee s = math::sinpi_quarter(half), square = s * s;
    if (late) return math::pow(static_cast<double>(square), exponent);
    const math::ieee rest = 1.0 - square;
    return math::pow_dd({rest, (1.0 - rest) - square}, exponent);
  }
};

}  // namespace gradus::inline GRADUS_ABI
