#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/cospi.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/start_to_end.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Cosine annealing: half a cosine from start to end, then end for ever.
///
///   rate(t) = end + (start - end) * ((1 + cos(pi * x^k)) / 2)^exponent,  x = min(t, steps) / steps
///
/// Domain: start, end >= 0 (either may be the larger), steps > 0, exponent > 0, k >= 1e-100, and
///   exponent or k is 1; all t. Within [min, max] of start and end. The error is at most 2 ulp of
///   the value, also in the last steps, where 1 + cos cancels.
/// Units: start and end are rates, steps a number of steps; rate(0) = start, rate(steps) = end. A
///   floor of a fraction f of the start is `.end = f * start`.
/// Cost: one division and one cosine; one power with an exponent or k.
/// Errors: start or end negative or not finite; steps not given, 0 or negative; exponent or k not
///   finite or <= 0; k < 1e-100; both other than 1.
/// Source: I. Loshchilov, F. Hutter, SGDR: stochastic gradient descent with warm restarts, 2017. k:
///   T. Zhang, W. Li, k-decay: a new method for learning rate schedule, 2020.
/// Differs: holds `end` past the end, as optax, Keras and timm do. `.past = Past::mirror` climbs
///   again, as PyTorch, tt-train, DeepSpeed and Hugging Face do; burn's starts again after steps +
///   1, which is `Repeat`. exponent is optax' exponent, k is timm's k_decay. `end` is a rate; in
///   optax and Keras it is a fraction of start.
/// Example: Cosine{.start = 0.1, .end = 1e-3, .steps = 1'000}
template <Real T = double>
struct Cosine {
  static constexpr const char* name = "Cosine";
  static constexpr const char* fields = "start end= steps past= exponent= k=";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  Past past = Past::hold;
  double exponent = 1;
  double k = 1;

  constexpr T operator()(step_t t) const noexcept {
    if (k == 1 && exponent == 1) return detail::on_curve<Curve::cosine>(*this, t);
    const step_t n = steps.steps(), at = detail::place(t, n, past);
    if (at == n) return end;
    return k != 1 ? warped(at, n) : raised(at, n);
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault =
            detail::first_fault(detail::check_start_to_end(*this),
                                detail::check_positive<double>(name, "exponent", exponent),
                                detail::check_positive<double>(name, "k", k)))
      return fault;
    if (k < 1e-100) return {name, "k", "must be >= 1e-100", k};
    if (exponent != 1 && k != 1) return {name, "k", "must be 1 with an exponent", k};
    return {};
  }
  constexpr bool operator==(const Cosine&) const = default;

 private:
  // (1 + cos(pi x)) / 2 is 1 - s^2 in the first half and s^2 in the second, where s is the sine of
  // half the angle to the nearer end. Nothing cancels, so that the power gets every digit.
  constexpr math::dd half(step_t t, step_t n) const noexcept {
    const bool late = t > n / 2;
    const auto [x, x_rest] = detail::fraction_dd(late ? n - t : t, n);
    const auto [hi, lo] = math::sinpi_quarter_squared({0.5 * x, 0.5 * x_rest});
    const math::dd w = late ? detail::two_sum(hi, lo) : detail::two_sum(1.0, -hi);
    return late ? w : math::dd{w.hi, w.lo - lo};
  }
  // (1 + cos(pi x)) / 2 to the power `exponent`.
  constexpr T raised(step_t t, step_t n) const noexcept {
    const math::dd w = half(t, n);
    const double x = math::pow_dd(w, exponent);
    if (end < start || x <= 0.5) return detail::interpolate<T>(end, start, x);
    const math::dd way = math::one_minus_pow(w, exponent);  // near start, which is the lower end
    return detail::interpolate<T>(start, end, static_cast<double>(way.hi + way.lo));
  }
  // x^k in place of x. Near 1 its distance from 1 is computed as 1 - e^(k log x): nothing cancels.
  constexpr T warped(step_t t, step_t n) const noexcept {
    const double x = math::pow_dd(detail::fraction_dd(t, n), k);
    return detail::half_cosine<T>(start, end, x, [&](bool from_end) {
      return from_end ? math::one_minus_pow(detail::fraction_dd(t, n), k) : math::dd{x, 0.0};
    });
  }
};

}}  // namespace gradus::GRADUS_ABI
