#pragma once

#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/start_to_end.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// From one rate to another on a named curve, up or down.
///
///   rate(t) = end + (start - end) * c(min(t, steps) / steps)
///   c(x)    = 1 - x, (1 + cos(pi x)) / 2, 1 - sqrt(x) or (1 - x)^power, by `curve`;
///             geometric: start^(1 - x) * end^x
///
/// Domain: start, end >= 0 (either may be the larger), geometric: > 0; steps > 0, power > 0; all t.
///   Within [min, max] of start and end.
/// Units: start and end are rates, steps a number of steps; rate(0) = start, rate(steps) = end.
/// Cost: one division and, depending on the curve, a cosine, a square root or a power.
/// Errors: start or end negative or not finite, or 0 for the geometric curve; steps not given, 0 or
///   negative; power not finite or <= 0.
/// Source: 1 - sqrt: A. Hägele et al., Scaling laws and compute-optimal training beyond fixed
///   training durations, 2024.
/// Differs: holds `end` past the end, unless `past` says otherwise. The schedule of a range test
///   (fastai, ignite, DeepSpeed) is a rising Ramp, linear or geometric.
/// Example: Ramp{.start = 0.1, .steps = 1'000, .curve = Curve::root}
template <Real T = double>
struct Ramp {
  static constexpr const char* name = "Ramp";
  static constexpr const char* fields = "start end= steps curve= power= past=";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  Curve curve = Curve::linear;
  double power = 1;
  Past past = Past::hold;

  constexpr T operator()(step_t t) const noexcept {
    return detail::on_curve(curve, *this, t, power);
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(
            detail::check_start_to_end(*this), detail::check_choice(name, "curve", curve),
            detail::check_positive<double>(name, "power", power)))
      return fault;
    const double a = static_cast<double>(start), b = static_cast<double>(end);
    const char* const above = "must be > 0 for the geometric curve";
    if (curve == Curve::geometric && !(a > 0)) return {name, "start", above, a};
    if (curve == Curve::geometric && !(b > 0)) return {name, "end", above, b};
    return {};
  }
  constexpr bool operator==(const Ramp&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
