#pragma once

#include <optional>
#include <utility>

#include <gradus/check.hpp>
#include <gradus/concepts.hpp>
#include <gradus/interpolate.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus::inline GRADUS_ABI {

/// Linear warmup to another schedule's first value, then that schedule from its beginning.
///
///   rate(t) = schedule(0) * (t + 1) / steps                   for t < steps; peak at steps - 1
///   rate(t) = schedule(0) * (from + (1 - from) * t / steps)   with `from`; peak at t = steps
///   rate(t) = schedule(t - steps)                             from t = steps on
///
/// The lengths add up: ten steps of warmup before a Cosine of 90 make 100.
///
/// Domain: steps > 0, from in [0, 1]; all t. Within [0, max] of the schedule.
/// Units: steps is a number of steps, from a fraction of the peak.
/// Cost: one division, or one evaluation of the schedule.
/// Errors: steps = 0 or negative; from outside [0, 1]; the schedule's own fault.
/// Source: P. Goyal et al., Accurate, large minibatch SGD: training ImageNet in 1 hour, 2017.
/// Differs: without `from` no update is wasted on a rate of 0 (as llm.c). Hugging Face, optax
///   and Keras are `.from = 0`; PyTorch's LinearLR is `.from = start_factor`, 1/3 by default.
template <Schedule S>
struct Warmup {
  static constexpr const char* name = "Warmup";
  Length steps = 1;
  S schedule;
  std::optional<double> from = {};

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const step_t w = steps.steps();
    if (t >= w) return static_cast<double>(schedule(t - w));
    const double peak = static_cast<double>(schedule(0));
    if (!from)
      return t + 1 == w ? peak : static_cast<double>(peak * math::ieee(detail::fraction(t + 1, w)));
    return detail::interpolate<double>(static_cast<double>(peak * math::ieee(from.value_or(0.0))),
                                       peak, detail::fraction(t, w));
  }
  constexpr Fault check() const {
    if (const Fault fault = detail::check_length(name, "steps", steps)) return fault;
    if (from && (!math::is_finite(*from) || *from < 0 || *from > 1))
      return {name, "from", "must be in [0, 1]", *from};
    return fault_of<double>(schedule);
  }
  constexpr bool operator==(const Warmup&) const = default;
};
template <class N, class S>
Warmup(N, S) -> Warmup<S>;
template <class N, class S, class F>
Warmup(N, S, F) -> Warmup<S>;

}  // namespace gradus::inline GRADUS_ABI
