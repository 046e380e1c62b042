// What schedules between two values share.
#pragma once

#include <gradus/math/ieee.hpp>
#include <gradus/step.hpp>

namespace gradus::inline GRADUS_ABI::detail {

/// t / steps in [0, 1]: 0 at 0, 1 from `steps` on. Exact quotient, rounded once, for steps up to 2^53; above, both are
/// halved until they fit, which moves the quotient by less than 2^-52.
constexpr double fraction(step_t t, step_t steps) noexcept {
  if (t >= steps) return 1.0;
  while (steps >> 53 != 0) t >>= 1, steps >>= 1;
  return static_cast<double>(static_cast<double>(t) / math::ieee(static_cast<double>(steps)));
}

/// from + (to - from) * w for w in [0, 1]: exact at both ends, between them, and monotone in w.
template <Real T>
constexpr T interpolate(T from, T to, const double& w) noexcept {
  if (w <= 0) return from;
  if (w >= 1) return to;
  const double a = static_cast<double>(from), b = static_cast<double>(to);
  const double r = static_cast<double>(a + (math::ieee(b) - a) * w);
  const T low = from < to ? from : to, high = from < to ? to : from;
  const T rounded = static_cast<T>(r);
  return rounded < low ? low : rounded > high ? high : rounded;
}

}  // namespace gradus::inline GRADUS_ABI::detail
