#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/start_to_end.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Hyperbolic tangent decay from about start to end: flat at first, then a fall that slows down.
///
///   rate(t) = end + (start - end) * (1 - tanh z) / 2,  z = from + (to - from) * t / steps
///   rate(t) = end                                      from t = steps on
///
/// Domain: start, end >= 0 (either may be the larger), steps > 0, -1000 <= from < to <= 1000; all
///   t. Within [min, max] of start and end.
/// Units: start and end are rates, steps a number of steps, from and to plain numbers. rate(0) is
///   not exactly start: from = -7 skips 8e-7 of the way. The last step jumps the rest of the way to
///   end, 0.25 % of it for to = 3. A floor of a fraction f of the start is `.end = f * start`.
/// Cost: three divisions and one exponential.
/// Errors: start or end negative or not finite; steps not given, 0 or negative; from or to outside
///   [-1000, 1000]; to <= from.
/// Source: B.-Y. Hsueh, W. Li, I-C. Wu, Stochastic gradient descent with hyperbolic-tangent decay
///   on classification, 2019.
/// Differs: the same as timm's TanhLRScheduler with one cycle; `.past = Past::repeat` gives
///   several.
/// Example: Tanh{.start = 0.1, .steps = 1'000}
template <Real T = double>
struct Tanh {
  static constexpr const char* name = "Tanh";
  static constexpr const char* fields = "start end= steps from= to= past=";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  double from = -7;
  double to = 3;
  Past past = Past::hold;

  constexpr T operator()(step_t t) const noexcept {
    const step_t n = steps.steps(), at = detail::place(t, n, past);
    if (at >= n) return end;
    // (1 - tanh z) / 2 = 1 / (1 + e^2z), in which nothing cancels. A steep slope would magnify the
    // rounding error of t / steps: so the error is computed as well, as `rest`.
    const auto [x, rest] = detail::fraction_dd(at, n);
    const math::ieee z = detail::interpolate<double>(from, to, static_cast<double>(x));
    const math::ieee twice = 2.0 * (z + (to - math::ieee(from)) * rest);
    const math::ieee left = 1.0 / (1.0 + math::ieee(math::exp(static_cast<double>(twice))));
    return detail::interpolate<T>(end, start, static_cast<double>(left));
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(detail::check_start_to_end(*this),
                                                check_bound("from", from), check_bound("to", to)))
      return fault;
    if (to <= from) return {name, "to", "must be > from", to};
    return {};
  }
  constexpr bool operator==(const Tanh&) const = default;

 private:
  static constexpr Fault check_bound(const char* field, const double& value) noexcept {
    if (!math::is_finite(value) || value < -1000 || value > 1000)
      return {name, field, "must be in [-1000, 1000]", value};
    return {};
  }
};

}}  // namespace gradus::GRADUS_ABI
