// Rounds the scalars of a step to the parameters' type.
#pragma once

#include <limits>

#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/real.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// x rounded once to T. Where that would overflow, it is the largest finite number: a rate that is
/// too large for T, times a gradient of 0, is then 0 and not NaN.
template <Real T>
constexpr T round_to(math::ieee x) noexcept {
  const double exact = static_cast<double>(x);
  const T rounded = static_cast<T>(exact);
  if (math::is_finite(rounded)) return rounded;
  return exact < 0 ? -std::numeric_limits<T>::max() : std::numeric_limits<T>::max();
}

}}}  // namespace gradus::GRADUS_ABI::detail
