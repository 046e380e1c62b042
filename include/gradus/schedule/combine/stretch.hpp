#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule run slower or faster: what took `from` steps takes `to` steps.
///
///   rate(t) = schedule(floor(t * from / to))
///
/// Domain: from, to > 0; all t. t * from is exact.
/// Units: from and to are numbers of steps. If to > from, each value is held for to / from steps:
///   `PerEpoch{n, s}` is `Stretch{s, 1, n}`.
/// Cost: one integer division and one evaluation; if t or from has more than 32 bits, a long
///   multiplication.
/// Errors: from or to not given, 0 or negative; the schedule's own fault.
/// Source: -
/// Differs: -
/// Example: Stretch{.schedule = StepDecay{.start = 0.1, .every = 30, .factor = 0.4}, .from = 90,
///   .to = 1'000}
template <ScheduleArgument S>
struct Stretch {
  static constexpr const char* name = "Stretch";
  static constexpr const char* fields = "schedule from to";
  S schedule;
  Length from = {};
  Length to = {};

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    if (from.value <= 0 || to.value <= 0) return static_cast<double>(schedule(t));
    return static_cast<double>(schedule(detail::scaled(t, from.steps(), to.steps()).whole));
  }
  constexpr Length length() const noexcept
    requires HasLength<S>
  {
    const Length own = length_of(schedule);
    if (from.value <= 0 || to.value <= 0) return {};
    if (!own.is_count()) return own;
    return detail::scaled(own.steps(), to.steps(), from.steps()).length();
  }
  constexpr Fault check() const {
    return detail::first_fault(detail::check_length(name, "from", from),
                               detail::check_length(name, "to", to), fault_of<double>(schedule));
  }
  bool operator==(const Stretch&) const = default;
};
template <class S, class N, class M>
Stretch(S, N, M) -> Stretch<S>;

}}  // namespace gradus::GRADUS_ABI
