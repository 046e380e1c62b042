// What a schedule with a length does past its end.
#pragma once

#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Past its end a schedule
///
///   hold     keeps its last value
///   mirror   goes back the same way, to the start at 2 * steps, and forth again
///   repeat   starts again, in the step in which it would have reached the end
enum class Past { hold, mirror, repeat };

namespace detail {

constexpr Fault check_choice(const char* type, const char* field, Past past) noexcept {
  return check_one_of(type, field, past, Past::repeat, "must be hold, mirror or repeat");
}

/// The step of 0 ... steps whose value the schedule has at step t; steps is below 2^63.
constexpr step_t place(step_t t, step_t steps, Past past) noexcept {
  if (t < steps) return t;
  if (past == Past::hold || steps == 0) return steps;
  if (past == Past::repeat) return t % steps;
  const step_t there = t % (2 * steps);
  return there < steps ? there : 2 * steps - there;
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
