// A rate as a field of a schedule: what it may be, and how it is multiplied.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// A rate is finite and >= 0.
template <Real T>
constexpr Fault check_rate(const char* type, const char* field, const T& rate) noexcept {
  return check_not_negative<T>(type, field, static_cast<double>(rate));
}

/// rate * factor: computed in double, then rounded once to T.
template <Real T>
constexpr T times(const T& rate, const double& factor) noexcept {
  return static_cast<T>(static_cast<double>(static_cast<double>(rate) * math::ieee(factor)));
}

}}}  // namespace gradus::GRADUS_ABI::detail
