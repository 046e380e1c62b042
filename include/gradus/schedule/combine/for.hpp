#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule for `steps` steps: gives any schedule a length, so that it can be in a `Sequence`.
///
///   rate(t) = schedule(min(t, steps))
///
/// Domain: steps >= 0; all t.
/// Units: steps is a number of steps, and the length. In a `Sequence` a piece of 0 steps is
///   skipped.
/// Cost: one evaluation.
/// Errors: steps not given or negative; the schedule's own fault.
/// Source: -
/// Differs: -
/// Example: Sequence{For{600, Constant{0.1}}, Linear{.start = 0.1, .steps = 400}}
template <ScheduleArgument S>
struct For {
  static constexpr const char* name = "For";
  static constexpr const char* fields = "steps schedule";
  Length steps = {};
  S schedule;

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const step_t end = steps.steps();
    return static_cast<double>(schedule(t < end ? t : end));
  }
  constexpr Length length() const noexcept { return steps; }
  constexpr Fault check() const {
    return detail::first_fault(detail::check_length_or_0(name, "steps", steps),
                               fault_of<double>(schedule));
  }
  bool operator==(const For&) const = default;
};
template <class N, class S>
For(N, S) -> For<S>;

}}  // namespace gradus::GRADUS_ABI
