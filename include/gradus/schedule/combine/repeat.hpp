#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The same schedule again and again.
///
///   rate(t) = schedule(t mod steps)   for t < steps * times, or for ever if times = 0
///   rate(t) = schedule(steps)         from then on
///
/// Domain: steps >= 0, and > 0 if times = 0; times >= 0; all t.
/// Units: steps is a number of steps, by default the schedule's own length; times is a number, by
///   default 0.
/// Cost: one integer division and one evaluation.
/// Errors: steps negative, 0 if times = 0, or not given for a schedule that is endless or has no
///   length; times negative; the schedule's own fault.
/// Source: -
/// Differs: between two rounds, the value that the schedule holds past its end is never used, as
///   with the restarts of PyTorch, Keras, optax and timm.
/// Example: Repeat{Linear{.start = 0.1, .end = 0.01, .steps = 250}}
template <ScheduleArgument S>
struct Repeat {
  static constexpr const char* name = "Repeat";
  static constexpr const char* fields = "schedule steps= times=";
  S schedule;
  Length steps = {};
  Length times = 0;

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const step_t round = detail::length_or(steps, schedule).steps();
    const bool over = round == 0 || (times.value > 0 && t / round >= times.steps());
    return static_cast<double>(schedule(over ? round : t % round));
  }
  constexpr Length length() const noexcept {
    const Length round = detail::length_or(steps, schedule);
    if (!round.is_count()) return round;
    if (times.value <= 0) return Length::endless();
    return detail::scaled(round.steps(), times.steps(), 1).length();
  }
  constexpr Fault check() const {
    if (const Fault fault = fault_of<double>(schedule)) return fault;
    if (const Fault fault = detail::check_length_or_0(name, "times", times)) return fault;
    const Length round = detail::length_or(steps, schedule);
    return times.value > 0 ? detail::check_length_or_0(name, "steps", round)
                           : detail::check_length(name, "steps", round);
  }
  bool operator==(const Repeat&) const = default;
};
template <class S, class... N>
Repeat(S, N...) -> Repeat<S>;

}}  // namespace gradus::GRADUS_ABI
