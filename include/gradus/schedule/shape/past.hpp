// What a schedule of so many steps does when they are over.
#pragma once

#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Past its end a schedule
///
///   hold     keeps the value that it has at the end
///   mirror   goes back the way it came, to the start at 2 * steps, and forth again
///   repeat   begins anew at the start, in the step in which it would have reached the end
enum class Past { hold, mirror, repeat };

namespace detail {

constexpr Fault check_choice(const char* type, const char* field, Past past) noexcept {
  return check_one_of(type, field, past, Past::repeat, "must be hold, mirror or repeat");
}

/// Where step t is among 0 ... steps; steps below 2^63.
constexpr step_t place(step_t t, step_t steps, Past past) noexcept {
  if (t < steps) return t;
  if (past == Past::hold || steps == 0) return steps;
  if (past == Past::repeat) return t % steps;
  const step_t there = t % (2 * steps);
  return there < steps ? there : 2 * steps - there;
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
