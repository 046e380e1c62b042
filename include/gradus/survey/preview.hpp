// Samples of a schedule.
#pragma once

#include <cstddef>
#include <span>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Calls visit(i, t) for `count` steps t, evenly spaced from 0 to `steps`, both included:
///
///   t = floor(i * steps / (count - 1))
///
/// Exact for every number of steps: t is summed up together with a remainder.
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

/// Samples a schedule: fills `out` with rates, evenly spaced from t = 0 to t = steps, both
/// included. For steps = out.size() - 1 these are all rates of a training of that length and the
/// rate after it.
///
///   out[i] = schedule(floor(i * steps / (out.size() - 1)))
///
/// Domain: steps >= 0; any size of `out`. A single sample is the rate at t = 0.
/// Cost: one evaluation for each sample. No allocation.
/// Errors: steps not given or negative; the schedule's own fault. NaN and infinite rates are kept.
template <Schedule S>
constexpr void preview(const S& schedule, Length steps, std::span<double> out) {
  refuse_if(fault_of<double>(schedule));
  refuse_if(detail::check_length_or_0("preview", "steps", steps));
  each_sample(steps.steps(), out.size(),
              [&](std::size_t i, step_t t) { out[i] = static_cast<double>(schedule(t)); });
}

}}  // namespace gradus::GRADUS_ABI
