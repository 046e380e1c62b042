#pragma once

#include <gradus/schedule/shape/start_to_end.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A straight line from start to end.
///
///   rate(t) = start + (end - start) * x,  x = min(t, steps) / steps
///
/// Domain: start, end >= 0 (either may be the larger), steps > 0; all t. Within [min, max] of start
///   and end.
/// Units: start and end are rates, steps a number of steps; rate(0) = start, rate(steps) = end. A
///   floor of a fraction f of the start is `.end = f * start`.
/// Cost: one division.
/// Errors: start or end negative or not finite; steps not given, 0 or negative.
/// Source: -
/// Differs: PyTorch's LinearLR takes factors of its base rate, 1/3 and 1 by default. tt-train makes
///   the first update with the full rate, whatever its start. optax takes steps <= 0 as a constant.
/// Example: Linear{.start = 0.1, .end = 0.01, .steps = 1'000}
template <Real T = double>
struct Linear {
  static constexpr const char* name = "Linear";
  static constexpr const char* fields = "start end= steps past=";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  Past past = Past::hold;

  constexpr T operator()(step_t t) const noexcept {
    return detail::on_curve<Curve::linear>(*this, t);
  }
  constexpr Fault check() const noexcept { return detail::check_start_to_end(*this); }
  constexpr bool operator==(const Linear&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
