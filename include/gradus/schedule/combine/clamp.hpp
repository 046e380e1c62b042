#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/schedule/shape/length_of.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule limited to rates between two bounds.
///
///   rate(t) = min(max(schedule(t), low), high)
///
/// Domain: 0 <= low <= high; all t. Within [low, high].
/// Units: low and high are rates.
/// Cost: one evaluation and two comparisons.
/// Errors: low negative or not finite; high < low or not finite; the schedule's own fault.
/// Source: -
/// Differs: NaN stays NaN, so that the optimizer can refuse it.
/// Example: Clamp{.schedule = Exponential{.start = 0.2, .decay = 5e-3}, .low = 0.01, .high = 0.1}
template <ScheduleArgument S>
struct Clamp {
  static constexpr const char* name = "Clamp";
  static constexpr const char* fields = "schedule low high";
  S schedule;
  double low = 0;
  double high = 0;

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const double rate = static_cast<double>(schedule(t));
    if (math::is_nan(rate)) return rate;  // looks at the bits: -Ofast assumes that there is no NaN
    return rate < low ? low : rate > high ? high : rate;
  }
  constexpr Length length() const noexcept
    requires HasLength<S>
  {
    return length_of(schedule);
  }
  constexpr Fault check() const {
    if (const Fault fault = detail::first_fault(detail::check_rate(name, "low", low),
                                                detail::check_rate(name, "high", high)))
      return fault;
    if (high < low) return {name, "high", "must be >= low", high};
    return fault_of<double>(schedule);
  }
  bool operator==(const Clamp&) const = default;
};
template <class S, class L, class H>
Clamp(S, L, H) -> Clamp<S>;

}}  // namespace gradus::GRADUS_ABI
