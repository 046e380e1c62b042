#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Decay with 1/t, or a power of it.
///
///   rate(t) = start / (1 + decay * t / every)^power;  floor(t / every) if staircase
///
/// Domain: start >= 0, decay 0 or in [1e-288, 1e288], power > 0, every > 0; all t. Within [0,
///   start].
/// Units: start is a rate, decay is 1 / every, every a number of steps, 1 where it is not given.
/// Cost: one division, or two; one power, unless power is 1.
/// Errors: start negative, NaN or infinite; decay outside; power not finite or <= 0; every = 0 or
///   negative.
/// Source: H. Robbins, S. Monro, A stochastic approximation method, 1951.
/// Differs: Keras' InverseTimeDecay is {start, decay_rate, 1, decay_steps, staircase}; Caffe's inv
///   is {start, gamma, power}.
/// Example: InverseTime{.start = 0.1, .decay = 0.01}
template <Real T = double>
struct InverseTime {
  static constexpr const char* name = "InverseTime";
  static constexpr const char* fields = "start decay power= every= staircase=";
  real<T> start = 0;
  double decay = 0;
  double power = 1;
  Length every = 1;
  bool staircase = false;

  constexpr T operator()(step_t t) const noexcept {
    const math::ieee way = decay * math::ieee(time(t));
    const math::ieee rate = power == 1 ? static_cast<double>(start) / (1.0 + way)
                                       : static_cast<double>(start) * power_of_sum(way);
    return static_cast<T>(static_cast<double>(rate));
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(detail::check_rate(name, "start", start), check_decay(),
                               detail::check_positive<double>(name, "power", power),
                               detail::check_length(name, "every", every));
  }
  constexpr bool operator==(const InverseTime&) const = default;

 private:
  // With a decay in this range, decay * t neither overflows nor becomes subnormal for any t.
  constexpr Fault check_decay() const noexcept {
    if (decay > 0 && (decay < 1e-288 || decay > 1e288) && math::is_finite(decay))
      return {name, "decay", "must be 0 or in [1e-288, 1e288]", decay};
    return detail::check_not_negative<double>(name, "decay", decay);
  }
  constexpr double time(step_t t) const noexcept {
    const step_t period = every.steps() == 0 ? 1 : every.steps();
    if (staircase || period == 1) return static_cast<double>(t / period);
    const math::ieee steps = static_cast<double>(period);
    return static_cast<double>(static_cast<double>(t) / steps);
  }
  // (1 + way)^-power. The power magnifies the rounding error of the sum, so it is corrected: to
  // first order, or exactly if the power is large.
  constexpr math::ieee power_of_sum(math::ieee way) const noexcept {
    const auto [sum, rest] = detail::two_sum(1.0, way);
    if (power >= 0x1p26) return math::pow_dd({sum, rest}, -power);
    const math::ieee r = math::pow(static_cast<double>(sum), -power);
    return r - r * (power * (rest / sum));
  }
};

}}  // namespace gradus::GRADUS_ABI
