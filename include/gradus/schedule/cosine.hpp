#pragma once

#include <gradus/check.hpp>
#include <gradus/interpolate.hpp>
#include <gradus/math/cospi.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/step.hpp>

namespace gradus::inline GRADUS_ABI {

/// Cosine annealing: half a cosine from start to end, then end for ever.
///
///   rate(t) = end + (start - end) * (1 + cos(pi * min(t, steps) / steps)) / 2
///
/// Domain: start, end >= 0 (either may be the larger), steps > 0; all t. Within [min, max] of
///   start and end.
/// Units: start and end are rates, steps a number of steps; rate(0) = start, rate(steps) = end.
/// Cost: one division and one cosine.
/// Errors: start or end negative or not finite; steps = 0 or negative.
/// Source: I. Loshchilov, F. Hutter, SGDR: stochastic gradient descent with warm restarts, 2017.
/// Differs: holds `end` past the end, as optax and Keras; PyTorch and burn climb up again. The
///   floor is a value, not a
///   fraction of start.
template <Real T = double>
struct Cosine {
  static constexpr const char* name = "Cosine";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = 1;

  constexpr T operator()(step_t t) const noexcept {
    const math::ieee cosine = math::cospi(detail::fraction(t, steps.steps()));
    return detail::interpolate<T>(end, start, static_cast<double>(0.5 + 0.5 * cosine));
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(
        detail::check_not_negative<T>(name, "start", static_cast<double>(start)),
        detail::check_not_negative<T>(name, "end", static_cast<double>(end)),
        detail::check_length(name, "steps", steps));
  }
  constexpr bool operator==(const Cosine&) const = default;
};

}  // namespace gradus::inline GRADUS_ABI
