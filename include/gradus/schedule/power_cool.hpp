#pragma once

#include <cstdint>

#include <gradus/error/check.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/schedule/shape/rate.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// PowerCool: a constant rate, then a cooldown to zero along a power of the steps that are left.
///
///   rate(t) = min(start, last * (steps - t)^power),  0 from t = steps on
///
/// Domain: start >= 0, last > 0, steps > 0, power in (0, 16]; all t. Within [0, start].
/// Units: start and last are rates, steps a number of steps. rate(steps - 1) = last is the rate of
///   the last update. The cooldown takes (start / last)^(1 / power) steps, whatever steps is.
/// Cost: one power.
/// Errors: start negative, NaN or infinite; last not finite or <= 0; steps not given, 0 or
///   negative; power NaN or outside (0, 16].
/// Source: A. Hägele et al., Scaling laws and compute-optimal training beyond fixed training
///   durations, 2024, compares cooldowns of several shapes; this one is given by its speed.
/// Differs: warmup_stable_decay and Polynomial are given the length of their decay.
/// Example: PowerCool{.start = 0.1, .last = 1e-4, .steps = 1'000}
template <Real T = double>
struct PowerCool {
  static constexpr const char* name = "PowerCool";
  static constexpr const char* fields = "start last steps power=";
  real<T> start = 0;
  real<T> last = 0;
  Length steps = {};
  double power = 1.2;

  constexpr T operator()(step_t t) const noexcept {
    const step_t n = steps.steps();
    if (t >= n) return T{0};
    // In two pieces: a double has digits for 2^53 steps, and there may be 2^63.
    const step_t left = n - t;
    const double hi = static_cast<double>(left);
    const auto lo = static_cast<std::int64_t>(left - static_cast<step_t>(hi));
    const math::dd both{hi, static_cast<double>(lo)};
    const math::ieee rate = static_cast<double>(last) * math::ieee(math::pow_dd(both, power));
    const double cooled = static_cast<double>(rate), most = static_cast<double>(start);
    return static_cast<T>(cooled < most ? cooled : most);
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault =
            detail::first_fault(detail::check_rate(name, "start", start),
                                detail::check_positive<T>(name, "last", static_cast<double>(last)),
                                detail::check_length(name, "steps", steps)))
      return fault;
    // Up to 16, no power of 2^63 is infinite.
    return power > 0 && power <= 16 ? Fault{} : Fault{name, "power", "must be in (0, 16]", power};
  }
  constexpr bool operator==(const PowerCool&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
