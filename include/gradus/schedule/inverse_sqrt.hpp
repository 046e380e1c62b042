#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Inverse square root decay.
///
///   rate(t) = start * sqrt(tau / (t + tau))
///
/// Domain: start >= 0, tau > 0; all t. Within [0, start].
/// Units: start is a rate, tau a number of steps: after 3 * tau the rate has halved.
/// Cost: one division and one square root.
/// Errors: start negative or not finite; tau not given, 0 or negative.
/// Source: A. Vaswani et al., Attention is all you need, 2017.
/// Differs: Hugging Face's and fairseq's inverse_sqrt begin with a warmup. They are `Warmup{w,
///   InverseSqrt{.start = peak, .tau = w}, 0.0}`; Hugging Face's timescale is tau. `Noam` computes
///   its rate from the size of a model.
/// Example: InverseSqrt{.start = 0.1, .tau = 50}
template <Real T = double>
struct InverseSqrt {
  static constexpr const char* name = "InverseSqrt";
  static constexpr const char* fields = "start tau";
  real<T> start = 0;
  Length tau = {};

  constexpr T operator()(step_t t) const noexcept {
    const math::ieee unit = static_cast<double>(tau.steps());
    const math::ieee left = unit / (static_cast<double>(t) + unit);
    return detail::times(start, math::sqrt(static_cast<double>(left)));
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(detail::check_rate(name, "start", start),
                               detail::check_length(name, "tau", tau));
  }
  constexpr bool operator==(const InverseSqrt&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
