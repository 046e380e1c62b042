#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule run backwards, from its end to its start.
///
///   rate(t) = schedule(steps - min(t, steps))
///
/// Domain: steps >= 0; all t.
/// Units: steps is a number of steps, by default the schedule's own length; rate(0) =
///   schedule(steps), and rate(t) = schedule(0) from t = steps on.
/// Cost: one evaluation.
/// Errors: steps negative, or not given for a schedule that is endless or has no length; the
///   schedule's own fault.
/// Source: -
/// Differs: -
/// Example: Reverse{Cosine{.start = 0.1, .steps = 1'000}}
template <ScheduleArgument S>
struct Reverse {
  static constexpr const char* name = "Reverse";
  static constexpr const char* fields = "schedule steps=";
  S schedule;
  Length steps = {};

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const step_t end = length().steps();
    return static_cast<double>(schedule(t < end ? end - t : 0));
  }
  constexpr Length length() const noexcept { return detail::length_or(steps, schedule); }
  constexpr Fault check() const {
    return detail::first_fault(fault_of<double>(schedule),
                               detail::check_length_or_0(name, "steps", length()));
  }
  bool operator==(const Reverse&) const = default;
};
template <class S, class... N>
Reverse(S, N...) -> Reverse<S>;

}}  // namespace gradus::GRADUS_ABI
