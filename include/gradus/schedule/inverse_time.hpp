#pragma once

#include <gradus/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/step.hpp>

namespace gradus::inline GRADUS_ABI {

/// 1/t decay.
///
///   rate(t) = start / (1 + decay * t)
///
/// Domain: start >= 0, decay >= 0; all t. Within [0, start].
/// Units: start is a rate, decay is 1 / step.
/// Cost: one division.
/// Errors: a field negative, NaN or infinite.
/// Source: H. Robbins, S. Monro, A stochastic approximation method, 1951.
/// Differs: Keras' InverseTimeDecay with decay_steps = S and decay_rate = r is decay = r / S.
template <Real T = double>
struct InverseTime {
  static constexpr const char* name = "InverseTime";
  real<T> start = 0;
  double decay = 0;

  constexpr T operator()(step_t t) const noexcept {
    const math::ieee rate =
        static_cast<double>(start) / (1.0 + decay * math::ieee(static_cast<double>(t)));
    return static_cast<T>(static_cast<double>(rate));
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(
        detail::check_not_negative<T>(name, "start", static_cast<double>(start)),
        detail::check_not_negative<double>(name, "decay", decay));
  }
  constexpr bool operator==(const InverseTime&) const = default;
};

}  // namespace gradus::inline GRADUS_ABI
