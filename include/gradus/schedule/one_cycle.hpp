#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/schedule/shape/boundary.hpp>
#include <gradus/schedule/shape/curve.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/quotient.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// One cycle: up from a fraction of the peak, then down to a much smaller rate.
///
///   first = peak / divisor,  last = min(first / final_divisor, peak),  end = steps - 1
///   2 phases: first to peak in [0, up], peak to last in [up, end];  up = rise * steps - 1
///   3 phases: first to peak in [0, up], peak to first in [up, down], first to last in [down, end];
///             down = 2 * up
///   rate(t) = last from the end on
///
/// Domain: peak >= 0, divisor >= 1, divisor * final_divisor >= 1, 0 < up < down < end, curve cosine
///   or linear; all t. Within [min(first, last), max(peak, last)]. up and down are doubles: if rise
///   * steps is not whole, the peak lies between two steps. Steps are counted exactly, also above
///   2^53.
/// Units: peak is a rate, steps a number of steps, rise and back are fractions of it, divisors are
///   factors. back is where the second of three phases is back at first; 0 stands for 2 * up.
/// Cost: at most five divisions and, with Curve::cosine, one cosine.
/// Errors: peak negative or not finite; steps not given, 0 or negative; a divisor out of its
///   domain; a phase without steps; phases other than 2 and 3; another curve.
/// Source: L. N. Smith, N. Topin, Super-convergence, 2018.
/// Differs: defaults and values are those of PyTorch's OneCycleLR, which returns a negative rate
///   one step past the end, and then raises an error. With Boundary::at every phase ends one step
///   later and the cycle ends at t = steps, as in optax and fastai. optax rounds the end of the
///   rise down to a whole step: rise = k / steps; its linear_onecycle_schedule is {.curve = linear,
///   .phases = 3, .back = 0.85}. fastai's div_final divides the peak: final_divisor = div_final /
///   div; its rise is 0.25.
/// Example: OneCycle{.peak = 0.1, .steps = 1'000}
template <Real T = double>
struct OneCycle {
  static constexpr const char* name = "OneCycle";
  static constexpr const char* fields =
      "peak steps rise= divisor= final_divisor= curve= phases= back= boundary=";
  real<T> peak = 0;
  Length steps = {};
  double rise = 0.3;
  double divisor = 25;
  double final_divisor = 1e4;
  Curve curve = Curve::cosine;
  int phases = 2;
  double back = 0;
  Boundary boundary = Boundary::before;

  constexpr T operator()(step_t t) const noexcept {
    const math::ieee first = static_cast<double>(peak) / math::ieee(divisor);
    const double top = static_cast<double>(peak), end = static_cast<double>(first / final_divisor);
    // Both divisors are rounded: `end` may exceed the peak, and even be infinite.
    return static_cast<T>(cycle(t, static_cast<double>(first), top, end < top ? end : top));
  }
  /// The value that falls from `above` to `below` while the rate rises, for `Opposite`.
  constexpr double opposite(step_t t, const double& above, const double& below) const noexcept {
    return cycle(t, above, below, above);
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(
            detail::check_rate(name, "peak", peak), detail::check_length(name, "steps", steps),
            detail::check_choice(name, "boundary", boundary),
            detail::check_positive<double>(name, "divisor", divisor),
            detail::check_positive<double>(name, "final_divisor", final_divisor)))
      return fault;
    if (divisor < 1) return {name, "divisor", "must be >= 1", divisor};
    if (final_divisor < 1 / divisor)
      return {name, "final_divisor", "must be >= 1 / divisor", final_divisor};
    if (curve != Curve::cosine && curve != Curve::linear)
      return {name, "curve", "must be cosine or linear", static_cast<double>(curve)};
    if (phases != 2 && phases != 3)
      return {name, "phases", "must be 2 or 3", static_cast<double>(phases)};
    if (!math::is_finite(rise) || !(up() > 0) || !(up() < end()))
      return {name, "rise", "must leave steps to every phase", rise};
    if (!math::is_finite(back) || back < 0) return {name, "back", "must be finite and >= 0", back};
    if (phases == 3 && !(up() < down() && down() < end()))  // by `rise`, where `back` is not given
      return {name, back > 0 ? "back" : "rise", "must leave steps to every phase",
              back > 0 ? back : rise};
    return {};
  }
  constexpr bool operator==(const OneCycle&) const = default;

 private:
  // The step at this fraction of the cycle.
  constexpr double place(const double& fraction) const noexcept {
    const math::ieee late = boundary == Boundary::before ? -1 : boundary == Boundary::at ? 0 : 1;
    return static_cast<double>(fraction * math::ieee(static_cast<double>(steps.steps())) + late);
  }
  constexpr double up() const noexcept { return place(rise); }
  constexpr double down() const noexcept { return back > 0 ? place(back) : 2 * up(); }
  constexpr double end() const noexcept { return place(1); }

  // The number of steps from one step to another. Both are whole, or doubles.
  static constexpr math::dd since(const math::dd& from, const math::dd& at) noexcept {
    const auto [d, rest] = detail::two_sum(at.hi, -from.hi);
    return detail::two_sum(d, rest + (at.lo - from.lo));
  }
  constexpr double cycle(step_t t, const double& first, const double& top,
                         const double& last) const noexcept {
    const step_t n = steps.steps();
    const step_t end = boundary == Boundary::after ? n + 1 : boundary == Boundary::at ? n : n - 1;
    if (n == 0 || t >= end) return last;
    const math::dd at = whole(t), rises_to = {up(), 0.0}, over = whole(end);
    if (!is_after(rises_to, at)) return move(first, top, at, {0.0, 0.0}, rises_to);
    if (phases == 2) return move(top, last, at, rises_to, over);
    const math::dd falls_to = {down(), 0.0};
    if (!is_after(falls_to, at)) return move(top, first, at, rises_to, falls_to);
    return move(first, last, at, falls_to, over);
  }
  // t = hi + lo, hi rounded.
  static constexpr math::dd whole(step_t t) noexcept {
    const auto [hi, lo] = detail::split(t);
    return detail::two_sum(hi, lo);
  }
  static constexpr bool is_after(const math::dd& from, const math::dd& at) noexcept {
    const auto [d, rest] = since(from, at);
    return static_cast<double>(d + rest) > 0;
  }
  constexpr double move(const double& from, const double& to, const math::dd& at,
                        const math::dd& begin, const math::dd& end) const noexcept {
    const math::dd done = since(begin, at), all = since(begin, end);
    const math::ieee way = done.hi / all.hi;
    const double x = static_cast<double>(way + (done.lo - way * all.lo) / all.hi);
    if (curve == Curve::linear) return detail::interpolate<double>(from, to, x);
    return detail::half_cosine<double>(from, to, x, [&](bool from_end) {
      return detail::quotient(by_head(from_end ? since(at, end) : done), by_head(all));
    });
  }
  // The same sum, with a first part of 26 bits.
  static constexpr math::dd by_head(const math::dd& a) noexcept {
    const math::ieee hi = math::head(a.hi + a.lo);
    return {hi, (a.hi - hi) + a.lo};
  }
};

}}  // namespace gradus::GRADUS_ABI
