#pragma once

#include <gradus/check.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/step.hpp>

namespace gradus::inline GRADUS_ABI {

/// Exponential decay.
///
///   rate(t) = start * e^(-decay * t)
///
/// Domain: start >= 0, decay >= 0; all t. Within [0, start].
/// Units: start is a rate, decay is 1 / step. A factor of f a step is decay = -ln f.
/// Cost: one exponential.
/// Errors: a field negative, NaN or infinite.
/// Source: -
/// Differs: PyTorch's ExponentialLR multiplies the current rate by gamma, which drifts; here
///   every t is computed afresh.
template <Real T = double>
struct Exponential {
  static constexpr const char* name = "Exponential";
  real<T> start = 0;
  double decay = 0;

  constexpr T operator()(step_t t) const noexcept {
    const math::ieee exponent = -(decay * math::ieee(static_cast<double>(t)));
    const math::ieee rate =
        static_cast<double>(start) * math::ieee(math::exp(static_cast<double>(exponent)));
    return static_cast<T>(static_cast<double>(rate));
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(
        detail::check_not_negative<T>(name, "start", static_cast<double>(start)),
        detail::check_not_negative<double>(name, "decay", decay));
  }
  constexpr bool operator==(const Exponential&) const = default;
};

}  // namespace gradus::inline GRADUS_ABI
