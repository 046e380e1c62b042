// What the rules share that estimate from below how far the solution is.
#pragma once

#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/math/sqrt.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// d, or an estimate above it, which may be `growth` times d at most. One that is not finite says
/// nothing.
constexpr double grown(const double& d, const double& estimate, const double& growth) noexcept {
  if (!math::is_finite(estimate) || !(estimate > d)) return d;
  const double most = static_cast<double>(math::ieee(d) * growth);
  return estimate < most ? estimate : most;
}

/// Adam's corrections of m and v for their start at zero, as one factor of the rate.
constexpr double correction(const double& beta1, const double& beta2, double n) noexcept {
  const math::ieee root = math::sqrt(1.0 - math::pow(beta2, n));
  return static_cast<double>(root / (1.0 - math::pow(beta1, n)));
}

}}}  // namespace gradus::GRADUS_ABI::detail
