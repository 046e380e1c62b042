// From a fraction of a training to a position in its schedule.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The position in a schedule of `steps` steps at a progress in [0, 1]: progress * steps, rounded
/// to the nearest, halves up. Exact at 0 and 1; `steps` for a progress above 1.
///
///   opt.step(params, grads, {.position = position_of(seen / total, schedule.steps)});
///
/// Domain: progress >= 0, steps > 0.
/// Errors: progress negative or NaN; steps not given, 0 or negative.
constexpr step_t position_of(const double& progress, Length steps) {
  if (math::is_nan(progress) || progress < 0)
    refuse({"position_of", "progress", "must be >= 0", progress});
  refuse_if(detail::check_length("position_of", "steps", steps));
  const step_t end = steps.steps();
  if (progress >= 1) return end;
  const auto exact = static_cast<double>(progress * math::ieee(static_cast<double>(end)));
  const auto whole = static_cast<step_t>(exact);
  const step_t rounded = whole + (exact - static_cast<double>(whole) >= 0.5 ? 1 : 0);
  return rounded < end ? rounded : end;
}

}}  // namespace gradus::GRADUS_ABI
