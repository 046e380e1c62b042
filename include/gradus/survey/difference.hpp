// How far two schedules are apart.
#pragma once

#include <gradus/concept/schedule.hpp>
#include <gradus/survey/summarize.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The largest absolute difference of two schedules over a training of so many steps, and the first
/// step that has it.
///
///   size = max |a(t) - b(t)| over t = 0 ... steps - 1
///
/// A size of 0 says that they are the same rates, bit for bit but for the sign of a zero.
struct Difference {
  step_t t = 0;
  double size = 0;
  constexpr bool operator==(const Difference&) const = default;
};

/// Domain: steps in [1, 2^32].
/// Cost: an evaluation of each a step. No allocation.
/// Errors: steps outside; a rate that is NaN or infinite; either schedule's own fault.
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
