#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>

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
/// Differs: PyTorch's ExponentialLR multiplies the current rate by gamma, which drifts; here
///   every t is computed afresh. A factor f in place of e^-decay: ExponentialDecay.
template <Real T = double>
struct Exponential {
  static constexpr const char* name = "Exponential";
  static constexpr const char* fields = "start decay floor=";
  real<T> start = 0;
  double decay = 0;
  real<T> floor = 0;

  constexpr T operator()(step_t t) const noexcept {
    const math::ieee exponent = -(decay * math::ieee(static_cast<double>(t)));
    const math::ieee rate =
        static_cast<double>(start) * math::ieee(math::exp(static_cast<double>(exponent)));
    const T value = static_cast<T>(static_cast<double>(rate));
    return value < floor ? floor : value;
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(
        detail::check_not_negative<T>(name, "start", static_cast<double>(start)),
        detail::check_not_negative<double>(name, "decay", decay),
        detail::check_floor<T>(name, static_cast<double>(floor), static_cast<double>(start)));
  }
  constexpr bool operator==(const Exponential&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
