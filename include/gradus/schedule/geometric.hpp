#pragma once

#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/start_to_end.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// From start to end in equal ratios: a straight line on a logarithmic axis.
///
///   rate(t) = start * (end / start)^x,  x = min(t, steps) / steps
///
/// Domain: start, end > 0 (either may be the larger), steps > 0; all t. Within [min, max] of start
///   and end.
/// Units: start and end are rates, steps a number of steps; rate(0) = start, rate(steps) = end. A
///   floor of a fraction f of the start is `.end = f * start`.
/// Cost: one division, two logarithms and one exponential.
/// Errors: start or end <= 0 or not finite; steps not given, 0 or negative.
/// Source: B. Kerbl et al., 3D Gaussian splatting for real-time radiance field rendering, 2023.
/// Differs: `Exponential` is given the decay of one step, this schedule its end. It is fastai's
///   SchedExp, which fastai's range test uses, and optax' exponential_decay with the factor end /
///   start and the floor `end`.
/// Example: Geometric{.start = 0.1, .end = 1e-3, .steps = 1'000}
template <Real T = double>
struct Geometric {
  static constexpr const char* name = "Geometric";
  static constexpr const char* fields = "start end steps past=";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  Past past = Past::hold;

  constexpr T operator()(step_t t) const noexcept {
    return detail::on_curve<Curve::geometric>(*this, t);
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(detail::check_positive<T>(name, "start", static_cast<double>(start)),
                               detail::check_positive<T>(name, "end", static_cast<double>(end)),
                               detail::check_start_to_end(*this));
  }
  constexpr bool operator==(const Geometric&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
