// How the estimates of the distance to the solution grow, in the rules that find their rate.
#pragma once

#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The larger one of d and a new estimate, but at most growth_rate * d. An estimate that is not
/// finite does not count.
constexpr double grown(const double& d, const double& estimate,
                       const double& growth_rate) noexcept {
  if (!math::is_finite(estimate) || !(estimate > d)) return d;
  const double most = static_cast<double>(math::ieee(d) * growth_rate);
  return estimate < most ? estimate : most;
}

}}}  // namespace gradus::GRADUS_ABI::detail
