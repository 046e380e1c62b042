// Quotients of steps, with more digits than a double has.
#pragma once

#include <bit>

#include <gradus/config/compiler.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// t = hi + lo exactly; hi has its 26 leading bits.
constexpr math::dd split(step_t t) noexcept {
  const int zeros = std::countl_zero(t), low = zeros < 38 ? 38 - zeros : 0;
  const step_t top = t >> low << low;
  return {static_cast<double>(top), static_cast<double>(t - top)};
}

/// n / d = hi + lo with a relative error of at most 2^-75. hi has 26 bits, and so have n.hi and
/// d.hi.
GRADUS_NOINLINE constexpr math::dd quotient(const math::dd& n, const math::dd& d) noexcept {
  const math::ieee whole = d.hi + d.lo;
  const math::ieee hi = math::head((n.hi + n.lo) / whole);
  // hi * d.hi is exact, and so is its difference from n.hi.
  return {hi, ((n.hi - hi * d.hi) - hi * d.lo + n.lo) / whole};
}
/// t / every, every > 0.
GRADUS_NOINLINE constexpr math::dd quotient(step_t t, step_t every) noexcept {
  return quotient(split(t), split(every));
}

}}}  // namespace gradus::GRADUS_ABI::detail
