// What the schedules with the fields `start`, `end`, `steps` and `past` share.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/curve.hpp>
#include <gradus/schedule/shape/past.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The value of such a schedule at step t, on a curve that is always the same.
template <Curve curve, class S>
constexpr auto on_curve(const S& s, step_t t, const double& power = 1) noexcept {
  const step_t n = s.steps.steps();
  return falling<curve>(s.start, s.end, place(t, n, s.past), n, power);
}
/// The same on a curve that a field selects.
template <class S>
constexpr auto on_curve(Curve curve, const S& s, step_t t, const double& power = 1) noexcept {
  const step_t n = s.steps.steps();
  return falling(curve, s.start, s.end, place(t, n, s.past), n, power);
}

/// The first fault of these fields. `start` and `end` may be 0.
template <class S>
constexpr Fault check_start_to_end(const S& s) noexcept {
  return first_fault(check_rate(S::name, "start", s.start), check_rate(S::name, "end", s.end),
                     check_length(S::name, "steps", s.steps),
                     check_choice(S::name, "past", s.past));
}

}}}  // namespace gradus::GRADUS_ABI::detail
