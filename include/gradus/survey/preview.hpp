// Samples of a schedule, before there is a training.
#pragma once

#include <cstddef>
#include <span>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Calls visit(i, t) for so many steps, evenly from 0 to `steps`, both among them:
///
///   t = floor(i * steps / (count - 1))
///
/// Exact for all steps: it is summed up, with a remainder.
template <class Visit>
constexpr void each_sample(step_t steps, std::size_t count, const Visit& visit) {
  const step_t intervals = count > 1 ? count - 1 : 1;
  step_t t = 0, rest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    visit(i, t);
    t += steps / intervals;
    rest += steps % intervals;
    if (rest < intervals) continue;
    rest -= intervals;
    ++t;
  }
}

/// Samples a schedule: as many rates as `out` holds, evenly from t = 0 to t = steps, both among
/// them. For steps = out.size() - 1 these are all rates, the one after a training of that length
/// included.
///
///   out[i] = schedule(floor(i * steps / (out.size() - 1)))
///
/// Domain: steps >= 0; any size of `out`, a single sample is that of t = 0.
/// Cost: one evaluation a sample. No allocation.
/// Errors: steps not given or negative; the schedule's own fault. Rates are handed on as they are.
template <Schedule S>
constexpr void preview(const S& schedule, Length steps, std::span<double> out) {
  refuse_if(fault_of<double>(schedule));
  refuse_if(detail::check_length_or_0("preview", "steps", steps));
  each_sample(steps.steps(), out.size(),
              [&](std::size_t i, step_t t) { out[i] = static_cast<double>(schedule(t)); });
}

}}  // namespace gradus::GRADUS_ABI
