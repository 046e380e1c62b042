#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Exponential decay.
///
///   rate(t) = max(start * e^(-decay * t), floor)
///
/// Domain: 0 <= floor <= start, decay >= 0; all t. Within [floor, start].
/// Units: start and floor are rates, decay is 1 / step.
/// Cost: one exponential.
/// Errors: a field negative, NaN or infinite; floor > start.
/// Source: -
/// Differs: PyTorch's ExponentialLR multiplies the current rate by gamma, so that rounding errors
///   add up; here each rate is computed from t alone. `ExponentialDecay` takes a factor in place of
///   e^-decay.
/// Example: Exponential{.start = 0.1, .decay = 5e-3}
template <Real T = double>
struct Exponential {
  static constexpr const char* name = "Exponential";
  static constexpr const char* fields = "start decay floor=";
  real<T> start = 0;
  double decay = 0;
  real<T> floor = 0;

  constexpr T operator()(step_t t) const noexcept {
    const math::ieee exponent = -(decay * math::ieee(static_cast<double>(t)));
    const T value = detail::times(start, math::exp(static_cast<double>(exponent)));
    return value < floor ? floor : value;
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(
        detail::check_rate(name, "start", start),
        detail::check_not_negative<double>(name, "decay", decay),
        detail::check_floor<T>(name, static_cast<double>(floor), static_cast<double>(start)));
  }
  constexpr bool operator==(const Exponential&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
