#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// How the peaks of a cyclical rate change: not at all (`triangular`), halved in each cycle
/// (`triangular2`), or multiplied by a factor in each step (`exp_range`).
enum class Cycle { triangular, triangular2, exp_range };

/// Cyclical rates: up and down on straight lines between low and high.
///
///   rate(t) = low + (high - low) * s * f,  c = floor(t / (up + down)),  x = t - c * (up + down)
///   s = x / up while x <= up, then (up + down - x) / down;  f = 1, 2^-c or factor^t
///
/// Domain: 0 <= low <= high, up > 0, down >= 0 (0 means the same as up), factor in (0, 1]; all t.
///   Within [low, high].
/// Units: low and high are rates, up and down numbers of steps; factor is the factor for each step,
///   of exp_range only.
/// Cost: one integer division, one division; one power for triangular2 and exp_range.
/// Errors: low negative or not finite; high < low or not finite; up = 0 or negative; down negative;
///   factor outside (0, 1].
/// Source: L. N. Smith, Cyclical learning rates for training neural networks, 2017.
/// Differs: the position in the cycle is computed with integers. PyTorch's 1 + t / T - floor(1 + t
///   / T) loses digits for large t, and its triangular2 overflows at cycle 1025. Opposite{cyclical,
///   0.9, 0.8} is the momentum that falls while the rate rises. Ignite's LinearCyclicalScheduler
///   with an even cycle_size is {start_value, end_value, cycle_size / 2}; if it begins at the
///   higher value, it is an Opposite of that.
/// Example: Cyclical{.low = 0.01, .high = 0.1, .up = 150, .shape = Cycle::triangular2}
template <Real T = double>
struct Cyclical {
  static constexpr const char* name = "Cyclical";
  static constexpr const char* fields = "low high up down= shape= factor=";
  real<T> low = 0;
  real<T> high = 0;
  Length up = 2000;
  Length down = 0;
  Cycle shape = Cycle::triangular;
  double factor = 1;

  constexpr T operator()(step_t t) const noexcept {
    return detail::interpolate<T>(low, high, height(t));
  }
  /// The value that falls from `above` to `below` while the rate rises, for `Opposite`.
  constexpr double opposite(step_t t, const double& above, const double& below) const noexcept {
    return detail::interpolate<double>(above, below, height(t));
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(detail::check_rate(name, "low", low),
                                                detail::check_rate(name, "high", high)))
      return fault;
    if (high < low) return {name, "high", "must be >= low", static_cast<double>(high)};
    return detail::first_fault(detail::check_length_or_0(name, "down", down),
                               detail::check_length(name, "up", up),
                               detail::check_one_of(name, "shape", shape, Cycle::exp_range,
                                                    "must be triangular, triangular2 or exp_range"),
                               detail::check_factor(name, "factor", factor));
  }
  constexpr bool operator==(const Cyclical&) const = default;

 private:
  constexpr double height(step_t t) const noexcept {
    const step_t rise = up.steps() == 0 ? 1 : up.steps();
    const step_t fall = down.steps() == 0 ? rise : down.steps();
    const step_t cycle = t / (rise + fall), x = t % (rise + fall);
    const math::ieee s =
        x <= rise ? detail::fraction(x, rise) : detail::fraction(rise + fall - x, fall);
    return static_cast<double>(s * peak(t, cycle));
  }
  constexpr double peak(step_t t, step_t cycle) const noexcept {
    switch (shape) {
      case Cycle::triangular2: return math::pow(0.5, static_cast<double>(cycle));
      case Cycle::exp_range: return math::pow(factor, static_cast<double>(t));
      case Cycle::triangular: break;
    }
    return 1.0;
  }
};

}}  // namespace gradus::GRADUS_ABI
