#pragma once

#include <gradus/boundary.hpp>
#include <gradus/check.hpp>
#include <gradus/curve.hpp>
#include <gradus/interpolate.hpp>
#include <gradus/math/cospi.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/step.hpp>

namespace gradus::inline GRADUS_ABI {

/// One cycle: up from a fraction of the peak, and down to a much smaller one.
///
///   first = peak / divisor,  last = first / final_divisor,  end = steps - 1
///   rate(t): first to peak in [0, up], up = rise * steps - 1; peak to last in [up, end], or, of
///   three phases, peak to first in [up, down], down = 2 * up, first to last in [down, end]; then
///   last for ever
///
/// Domain: peak >= 0, divisor >= 1, divisor * final_divisor >= 1, 0 < up < down < end, curve cosine
///   or linear; all t. Within [min(first, last), max(peak, last)]. up and down are doubles: the
///   peak lies between two steps, unless rise * steps is whole.
/// Units: peak is a rate, steps a number of steps, rise and back are fractions of it, divisors are
///   factors. back: where three phases have come back to first, as a fraction; 0: 2 * up.
/// Cost: up to five divisions and, with Curve::cosine, a cosine.
/// Errors: peak negative or not finite; steps not given, 0 or negative; a divisor out of its
///   domain; a phase without steps; phases other than 2 and 3; another curve.
/// Source: L. N. Smith, N. Topin, Super-convergence, 2018.
/// Differs: defaults and numbers are PyTorch's OneCycleLR, which raises an error past the end, and
///   one step before that goes negative. With Boundary::at the cycle ends at t = steps, up and all
///   one step later, as optax' and fastai's. optax cuts up to whole steps: rise = k / steps; its
///   linear_onecycle_schedule is {.curve = linear, .phases = 3, .back = 0.85}. fastai's div_final
///   divides the peak: final_divisor = div_final / div; its rise is 0.25.
template <Real T = double>
struct OneCycle {
  static constexpr const char* name = "OneCycle";
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
    const math::ieee last = first / final_divisor;
    return static_cast<T>(
        cycle(t, static_cast<double>(first), static_cast<double>(peak), static_cast<double>(last)));
  }
  /// What goes down from `above` to `below` while the rate goes up: for Opposite.
  constexpr double opposite(step_t t, const double& above, const double& below) const noexcept {
    return cycle(t, above, below, above);
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(
            detail::check_not_negative<T>(name, "peak", static_cast<double>(peak)),
            detail::check_length(name, "steps", steps),
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
  // The step of a fraction of the whole.
  constexpr double place(const double& fraction) const noexcept {
    const math::ieee late = boundary == Boundary::before ? -1 : boundary == Boundary::at ? 0 : 1;
    return static_cast<double>(fraction * math::ieee(static_cast<double>(steps.steps())) + late);
  }
  constexpr double up() const noexcept { return place(rise); }
  constexpr double down() const noexcept { return back > 0 ? place(back) : 2 * up(); }
  constexpr double end() const noexcept { return place(1); }

  constexpr double cycle(step_t t, const double& first, const double& top,
                         const double& last) const noexcept {
    const double at = static_cast<double>(t);
    if (at >= end()) return last;
    if (at <= up()) return move(first, top, at, 0, up());
    if (phases == 2) return move(top, last, at, up(), end());
    if (at <= down()) return move(top, first, at, up(), down());
    return move(first, last, at, down(), end());
  }
  constexpr double move(const double& from, const double& to, const double& at, const double& begin,
                        const double& end) const noexcept {
    const auto [n, n_rest] = detail::two_sum(at, -begin);
    const auto [d, d_rest] = detail::two_sum(end, -begin);
    const math::ieee way = n / d;
    const double x = static_cast<double>(way + (n_rest - way * d_rest) / d);
    if (curve == Curve::linear) return detail::interpolate<double>(from, to, x);
    const math::ieee cosine = math::cospi(x);
    return detail::interpolate<double>(to, from, static_cast<double>(0.5 + 0.5 * cosine));
  }
};

}  // namespace gradus::inline GRADUS_ABI
