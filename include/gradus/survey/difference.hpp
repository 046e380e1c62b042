// The largest difference between two schedules.
#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/survey/summarize.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The largest absolute difference of two schedules over a training, and the first step that has
/// it.
///
///   size = max |a(t) - b(t)| over t = 0 ... steps - 1
///
/// A size of 0 means that all rates are equal: the same bits, except for the sign of a zero.
struct Difference {
  step_t t = 0;
  double size = 0;
  constexpr bool operator==(const Difference&) const = default;
};

/// Domain: steps in [1, 2^32].
/// Cost: one evaluation of each schedule for each step. No allocation.
/// Errors: steps outside its domain; a rate that is NaN or infinite; either schedule's own fault.
template <Schedule A, Schedule B>
constexpr Difference difference(const A& a, const B& b, Length steps) {
  refuse_if(fault_of<double>(a));
  refuse_if(fault_of<double>(b));
  refuse_if(detail::check_walk("difference", steps));
  Difference r;
  for (step_t t = 0; t < steps.steps(); ++t) {
    const double size = detail::magnitude(detail::finite_rate("difference", a, t) -
                                          detail::finite_rate("difference", b, t));
    if (size > r.size) r = {t, size};
  }
  return r;
}

}}  // namespace gradus::GRADUS_ABI
