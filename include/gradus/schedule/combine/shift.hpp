#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule that starts `by` steps later, or earlier if `by` is negative.
///
///   rate(t) = schedule(max(t - by, 0))
///
/// Domain: -2^63 + 2 < by < 2^63; all t.
/// Units: by is a number of steps; it may be the negative of an unsigned number: `Shift{s, -burn}`.
///   If by > 0, the rate is schedule(0) until then. If by < 0, the first -by steps of the schedule
///   are skipped, and its length is shorter by as much.
/// Cost: one evaluation.
/// Errors: by not given or too negative; the schedule's own fault.
/// Source: -
/// Differs: by = -1 evaluates at t + 1, as DeepSpeed and MXNet do, and timm for its milestones; by
///   = -n is PyTorch's last_epoch = n - 1.
/// Example: Shift{Cosine{.start = 0.1, .steps = 800}, 200}
template <ScheduleArgument S>
struct Shift {
  static constexpr const char* name = "Shift";
  static constexpr const char* fields = "schedule by";
  S schedule;
  Length by = {};

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const step_t distance = by.value < 0 ? earlier() : by.steps();
    if (by.value > 0) return static_cast<double>(schedule(t < distance ? 0 : t - distance));
    const step_t sum = t + distance;
    return static_cast<double>(schedule(sum < t ? ~step_t{0} : sum));
  }
  constexpr Length length() const noexcept
    requires HasLength<S>
  {
    const Length own = length_of(schedule);
    if (!by.is_given()) return by;
    if (!own.is_count()) return own;
    if (by.value > 0) return detail::added({own, by});
    if (by.value == 0) return own;
    return earlier() < own.steps() ? own.steps() - earlier() : 0;
  }
  constexpr Fault check() const {
    if (!by.is_given() || by.is_endless()) return {name, "by", "must be given", 0, false};
    if (by.value == Length::lowest)
      return {name, "by", "must be above -2^63 + 2", static_cast<double>(by.value)};
    return fault_of<double>(schedule);
  }
  bool operator==(const Shift&) const = default;

 private:
  constexpr step_t earlier() const noexcept { return step_t{0} - static_cast<step_t>(by.value); }
};
template <class S, class N>
Shift(S, N) -> Shift<S>;

}}  // namespace gradus::GRADUS_ABI
