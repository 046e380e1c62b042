// The curves from one value to another.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/cospi.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/log.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/schedule/shape/interpolate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// How a value falls. The fraction of the way that is left at x in [0, 1]:
///
///   linear      1 - x
///   cosine      (1 + cos(pi x)) / 2
///   root        1 - sqrt(x)
///   power       (1 - x)^power, power > 0
///   geometric   values in equal ratios: start^(1 - x) * end^x, both > 0
///
/// A warmup climbs on the same curve, reversed.
enum class Curve { linear, cosine, root, power, geometric };

namespace detail {

constexpr Fault check_choice(const char* type, const char* field, Curve curve) noexcept {
  return check_one_of(type, field, curve, Curve::geometric,
                      "must be linear, cosine, root, power or geometric");
}

/// high * (low / high)^x for 0 < low <= high, by the difference of the logarithms, because the
/// ratio itself may underflow. Other numbers give low.
template <Real T>
constexpr T geometric(T low, T high, const double& x) noexcept {
  const double floor = static_cast<double>(low), ceiling = static_cast<double>(high);
  if (!math::is_positive(floor) || !math::is_positive(ceiling)) return low;
  const math::dd a = math::log_dd(floor), b = math::log_dd(ceiling);
  const math::ieee fall = ((a.hi - b.hi) + (a.lo - b.lo)) * x;
  const math::ieee value = ceiling * math::ieee(math::exp(static_cast<double>(fall)));
  const T rounded = static_cast<T>(static_cast<double>(value));
  return rounded < low ? low : rounded;
}

/// (1 + cos(pi x)) / 2 of the way from `end` to `start`, times `height`. In the lower half the sum
/// would cancel, so that it is computed as the square of a sine. `share(from_end)` is the distance
/// from the end, or from the start, as a fraction of the way.
template <Real T, class Share>
constexpr T half_cosine(T start, T end, const double& x, const Share& share,
                        const double& height = 1) noexcept {
  const bool falls = end < start;
  if (falls ? x > 0.5 : x < 0.5 && height == 1) {
    const auto [hi, lo] = share(falls);
    const math::dd w = math::sinpi_quarter_squared({0.5 * hi, 0.5 * lo});
    return falls ? interpolate<T>(end, start, times(w, height)) : interpolate<T>(start, end, w);
  }
  const math::ieee w = 0.5 + 0.5 * math::ieee(math::cospi(x));
  return interpolate<T>(end, start, static_cast<double>(w * height));
}
template <Real T>
constexpr T half_cosine(T start, T end, step_t t, step_t steps) noexcept {
  return half_cosine<T>(start, end, fraction(t, steps), [&](bool from_end) {
    return fraction_dd(from_end ? steps - t : t, steps);
  });
}

/// The value after t of `steps` steps from `start` to `end`: exact at both ends, never beyond them.
/// The curve is known at compile time, so that no other one is compiled.
template <Curve curve, Real T>
constexpr T falling(T start, T end, step_t t, step_t steps, const double& power = 1) noexcept {
  if (t >= steps) return end;
  if (t == 0) return start;
  if constexpr (curve == Curve::cosine) {
    return half_cosine<T>(start, end, t, steps);
  } else if constexpr (curve == Curve::root) {
    return interpolate<T>(start, end, math::sqrt(fraction(t, steps)));
  } else if constexpr (curve == Curve::power) {
    return interpolate<T>(end, start, math::pow_dd(fraction_dd(steps - t, steps), power));
  } else if constexpr (curve == Curve::geometric) {
    // From the larger end, where an error of the exponent counts least.
    return start < end ? geometric<T>(start, end, fraction(steps - t, steps))
                       : geometric<T>(end, start, fraction(t, steps));
  } else {
    return interpolate<T>(start, end, fraction(t, steps));
  }
}
/// The same on a curve that a field selects.
template <Real T>
constexpr T falling(Curve curve, T start, T end, step_t t, step_t steps,
                    const double& power = 1) noexcept {
  switch (curve) {
    case Curve::cosine: return falling<Curve::cosine>(start, end, t, steps);
    case Curve::root: return falling<Curve::root>(start, end, t, steps);
    case Curve::power: return falling<Curve::power>(start, end, t, steps, power);
    case Curve::geometric: return falling<Curve::geometric>(start, end, t, steps);
    case Curve::linear: break;
  }
  return falling<Curve::linear>(start, end, t, steps);
}

/// The same way up, from `from` to `peak`: the curve reversed.
template <Real T>
constexpr T rising(Curve curve, T from, T peak, step_t t, step_t steps,
                   const double& power = 1) noexcept {
  return t >= steps ? peak : falling<T>(curve, peak, from, steps - t, steps, power);
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
