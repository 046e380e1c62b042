#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule that counts epochs. The rate is constant within an epoch.
///
///   rate(t) = schedule(floor(t / steps))
///
/// Domain: steps > 0; all t.
/// Units: steps is the number of steps in an epoch; lengths in the inner schedule are in epochs.
/// Cost: one integer division and one evaluation.
/// Errors: steps not given, 0 or negative; the schedule's own fault.
/// Source: -
/// Differs: with PyTorch's schedulers the caller decides to step once an epoch or once a batch.
/// Example: PerEpoch{100, Linear{.start = 0.1, .steps = 10}}
template <ScheduleArgument S>
struct PerEpoch {
  static constexpr const char* name = "PerEpoch";
  static constexpr const char* fields = "steps schedule";
  Length steps = {};
  S schedule;

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const step_t epoch = steps.steps();
    return static_cast<double>(schedule(epoch == 0 ? 0 : t / epoch));
  }
  constexpr Length length() const noexcept
    requires HasLength<S>
  {
    const Length epochs = length_of(schedule);
    if (steps.value <= 0) return {};
    if (!epochs.is_count()) return epochs;
    return detail::scaled(epochs.steps(), steps.steps(), 1).length();
  }
  constexpr Fault check() const {
    return detail::first_fault(detail::check_length(name, "steps", steps),
                               fault_of<double>(schedule));
  }
  bool operator==(const PerEpoch&) const = default;
};
template <class N, class S>
PerEpoch(N, S) -> PerEpoch<S>;

}}  // namespace gradus::GRADUS_ABI
