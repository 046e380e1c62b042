#pragma once

#include <cstdint>
#include <utility>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
// The result of `rounded`.
template <ScheduleArgument S>
struct Rounded {
  static constexpr const char* name = "rounded";
  S schedule;
  Length least = 1;

  constexpr step_t operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const double x = static_cast<double>(schedule(t));
    if (!(x > static_cast<double>(least.steps()))) return least.steps();  // NaN, too
    if (x >= static_cast<double>(last_step)) return last_step;
    const auto whole = static_cast<step_t>(x);
    return x - static_cast<double>(whole) < 0.5 ? whole : whole + 1;
  }
  constexpr Length length() const noexcept
    requires HasLength<S>
  {
    return length_of(schedule);
  }
  constexpr Fault check() const {
    if (least.value < 0 || least.value > (std::int64_t{1} << 53))
      return {name, "least", "must be in [0, 2^53]", static_cast<double>(least.value)};
    return fault_of<double>(schedule);
  }
  constexpr bool operator==(const Rounded&) const = default;
};
}  // namespace detail

/// A schedule of whole numbers, for batch sizes or for the number of micro-batches in an update.
///
///   n(t) = schedule(t), rounded to the nearest integer, halves up, at least `least`
///
/// The result of `rounded(Linear{.start = 1, .end = 64, .steps = 10'000})(t)` is a `step_t`.
///
/// Domain: least in [0, 2^53]; all t. Within [least, 2^63 - 1]; NaN becomes least.
/// Units: those of the schedule.
/// Cost: one evaluation and a rounding.
/// Errors: least negative or above 2^53; the schedule's own fault.
/// Source: S. Smith et al., Don't decay the learning rate, increase the batch size, 2018.
/// Differs: -
/// Example: rounded(Linear{.start = 4, .end = 16, .steps = 1'000})
template <Schedule S>
constexpr detail::Rounded<S> rounded(S schedule, Length least = 1) {
  return {std::move(schedule), least};
}

}}  // namespace gradus::GRADUS_ABI
