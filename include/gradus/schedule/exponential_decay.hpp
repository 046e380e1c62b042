#pragma once

#include <optional>

#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/log.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/quotient.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Exponential decay by a factor, continuous or in stairs; a rise if the factor is above 1.
///
///   rate(t) = start * factor^(t / every), but not beyond limit;  floor(t / every) if staircase
///
/// Domain: start >= 0, factor > 0, every > 0; limit, if given, in [0, start], or >= start if factor
///   > 1; start > 0 if factor > 1; all t. Within [limit, start], or [start, limit]. If no limit is
///   given, it is 0, or the largest number of the type.
/// Units: start and limit are rates, every is a number of steps, by default 1, factor is the factor
///   for that many steps.
/// Cost: one division and one power.
/// Errors: start negative or not finite, or 0 where factor > 1; factor not finite or <= 0; every =
///   0 or negative; limit negative, not finite, or on the wrong side of start.
/// Source: -
/// Differs: this is optax' exponential_decay without transition_begin (limit is its end_value), and
///   Keras' ExponentialDecay, which has no limit. PyTorch's ExponentialLR is {start, gamma}; it
///   multiplies the current rate, so that rounding errors add up; here each rate is computed from t
///   alone.
/// Example: ExponentialDecay{.start = 0.1, .factor = 0.6, .every = 150, .staircase = true}
template <Real T = double>
struct ExponentialDecay {
  static constexpr const char* name = "ExponentialDecay";
  static constexpr const char* fields = "start factor every= staircase= limit=";
  real<T> start = 0;
  double factor = 1;
  Length every = 1;
  bool staircase = false;
  std::optional<real<T>> limit = {};

  constexpr T operator()(step_t t) const noexcept {
    const step_t period = every.steps() == 0 ? 1 : every.steps();
    const math::dd y = staircase ? detail::quotient(t / period, 1) : detail::quotient(t, period);
    const double value = product(y), end = static_cast<double>(bound());
    const bool within = factor > 1 ? value < end : value > end;
    return within ? static_cast<T>(value) : bound();
  }
  constexpr Fault check() const noexcept {
    const Fault fault = detail::first_fault(detail::check_rate(name, "start", start),
                                            detail::check_positive<double>(name, "factor", factor),
                                            detail::check_length(name, "every", every),
                                            detail::check_rate(name, "limit", bound()));
    if (fault) return fault;
    if (factor > 1 && !(start > 0))
      return {name, "start", "must be > 0 where factor > 1", static_cast<double>(start)};
    if (factor > 1 && bound() < start)
      return {name, "limit", "must be >= start where factor > 1", static_cast<double>(bound())};
    if (!(factor > 1) && bound() > start)
      return {name, "limit", "must be <= start where factor <= 1", static_cast<double>(bound())};
    return {};
  }
  constexpr bool operator==(const ExponentialDecay&) const = default;

 private:
  constexpr T bound() const noexcept {
    return limit.value_or(factor > 1 ? math::largest<T>() : T{0});
  }
  // start * factor^y. y has more digits here than pow takes: where the rate rises a thousandfold,
  // an error of y counts sevenfold.
  constexpr double product(math::dd y) const noexcept {
    if (!(factor > 0) || !math::is_finite(factor)) return 0;
    const auto [hi, lo] = math::log_dd(factor);
    const math::dd l{y.hi * hi, y.lo * hi + (y.hi + y.lo) * lo};
    const double power = math::exp_dd(l), from = static_cast<double>(start);
    if (math::is_finite(power) || !math::is_positive(from))
      return static_cast<double>(from * math::ieee(power));
    // The power overflows, but its product with a small start may not: e^(log(start) + l).
    const math::dd first = math::log_dd(from), sum = detail::two_sum(l.hi, first.hi);
    return math::exp_dd({sum.hi, sum.lo + (l.lo + first.lo)});
  }
};

}}  // namespace gradus::GRADUS_ABI
