#pragma once

#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/start_to_end.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// REX, reflected exponential decay: a fall that becomes steeper and steeper, above the straight
/// line from start to end.
///
///   rate(t) = end + (start - end) * (1 - x) / (1 - x / 2),  x = min(t, steps) / steps
///
/// Domain: start, end >= 0 (either may be the larger), steps > 0; all t. Within [min, max] of start
///   and end.
/// Units: start and end are rates, steps a number of steps; rate(0) = start, rate(steps) = end. A
///   floor of a fraction f of the start is `.end = f * start`.
/// Cost: one division.
/// Errors: start or end negative or not finite; steps not given, 0 or negative.
/// Source: J. Chen, C. Wolfe, A. Kyrillidis, REX: revisiting budgeted training with an improved
///   schedule, 2022.
/// Differs: pytorch_optimizer's REXScheduler makes the first update with `end`, because it sets the
///   optimizer's rate only after that update.
/// Example: Rex{.start = 0.1, .steps = 1'000}
template <Real T = double>
struct Rex {
  static constexpr const char* name = "Rex";
  static constexpr const char* fields = "start end= steps past=";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  Past past = Past::hold;

  constexpr T operator()(step_t t) const noexcept {
    // (1 - x) / (1 - x / 2) = 2 (n - t) / (2 n - t), in integers.
    const step_t n = steps.steps(), left = n - detail::place(t, n, past);
    return detail::interpolate<T>(end, start, detail::fraction(2 * left, n + left));
  }
  constexpr Fault check() const noexcept { return detail::check_start_to_end(*this); }
  constexpr bool operator==(const Rex&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
