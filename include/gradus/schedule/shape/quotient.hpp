// Steps divided by steps, to more digits than a double has.
#pragma once

#include <bit>

#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// t = hi + lo exactly, hi of its 26 leading bits.
constexpr math::dd pieces(step_t t) noexcept {
  const int zeros = std::countl_zero(t), low = zeros < 38 ? 38 - zeros : 0;
  const step_t top = t >> low << low;
  return {static_cast<double>(top), static_cast<double>(t - top)};
}

/// n / d = hi + lo to 2^-75 of its value, hi of 26 bits, as are n.hi and d.hi.
constexpr math::dd quotient(const math::dd& n, const math::dd& d) noexcept {
  const math::ieee whole = d.hi + d.lo;
  const math::ieee hi = math::head((n.hi + n.lo) / whole);
  // hi * d.hi is exact, and so is its difference to n.hi.
  return {hi, ((n.hi - hi * d.hi) - hi * d.lo + n.lo) / whole};
}
/// t / every, every > 0.
constexpr math::dd quotient(step_t t, step_t every) noexcept {
  return quotient(pieces(t), pieces(every));
}

}}}  // namespace gradus::GRADUS_ABI::detail
