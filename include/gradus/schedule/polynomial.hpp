#pragma once

#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/start_to_end.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Polynomial decay from start to end: a power of the remaining fraction of the steps.
///
///   rate(t) = end + (start - end) * (1 - x)^power,  x = min(t, steps) / steps
///   x = t / (steps * ceil(t / steps))               with cycle, and x = 0 at t = 0
///
/// Domain: start, end >= 0 (either may be the larger), steps > 0, power > 0; all t. Within [min,
///   max] of start and end.
/// Units: start and end are rates, steps a number of steps; rate(0) = start, rate(steps) = end. A
///   floor of a fraction f of the start is `.end = f * start`.
/// Cost: three divisions and one power.
/// Errors: start or end negative or not finite; steps not given, 0 or negative; power not finite or
///   <= 0, because 0^0 = 1 would be the start again at the end; cycle with a `past` other than
///   hold, because a cycle has no end.
/// Source: W. Liu, A. Rabinovich, A. Berg, ParseNet: looking wider to see better, 2015.
/// Differs: the default of power is 1, as in PyTorch, Keras and Hugging Face; timm's is 0.5,
///   MXNet's 2. Keras' default of end is 1e-4, Hugging Face's 1e-7, and Hugging Face refuses end >=
///   start. Caffe's `poly` returns NaN or a negative rate past its end. `cycle` is Keras': from t =
///   steps + 1 on, the way is stretched to the next multiple of steps.
/// Example: Polynomial{.start = 0.1, .end = 1e-3, .steps = 1'000, .power = 2}
template <Real T = double>
struct Polynomial {
  static constexpr const char* name = "Polynomial";
  static constexpr const char* fields = "start end= steps power= past= cycle=";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  double power = 1;
  Past past = Past::hold;
  bool cycle = false;

  constexpr T operator()(step_t t) const noexcept {
    const step_t n = steps.steps();
    if (!cycle || t <= n) return detail::on_curve<Curve::power>(*this, t, power);
    // The way to the next multiple of n. From t = 2^63 on, t + left may wrap; the value is then
    // end.
    const step_t left = n == 0 ? 0 : n - 1 - (t - 1) % n;
    return detail::falling<Curve::power, T>(start, end, t, t + left, power);
  }
  /// Endless with `cycle`.
  constexpr Length length() const noexcept {
    return cycle && steps.value > 0 ? Length::endless() : steps;
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault =
            detail::first_fault(detail::check_start_to_end(*this),
                                detail::check_positive<double>(name, "power", power)))
      return fault;
    if (cycle && past != Past::hold)
      return {name, "past", "must be hold with cycle", static_cast<double>(past)};
    return {};
  }
  constexpr bool operator==(const Polynomial&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
