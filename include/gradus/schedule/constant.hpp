#pragma once

#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The same rate at every step.
///
///   rate(t) = value
///
/// Domain: value >= 0.
/// Units: value is a rate.
/// Cost: nothing.
/// Errors: value negative, NaN or infinite.
/// Source: -
/// Differs: PyTorch's ConstantLR is not constant: it multiplies the first rates by a factor.
/// Example: Constant{0.1}
template <Real T = double>
struct Constant {
  static constexpr const char* name = "Constant";
  static constexpr const char* fields = "value";
  real<T> value = 0;

  constexpr T operator()(step_t) const noexcept { return value; }
  constexpr Fault check() const noexcept { return detail::check_rate(name, "value", value); }
  constexpr bool operator==(const Constant&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
