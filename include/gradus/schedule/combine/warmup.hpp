#pragma once

#include <optional>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/schedule/shape/curve.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Warmup to the first value of another schedule, then that schedule from its first step.
///
///   rate(t) = schedule(0) * c((t + 1) / steps)                   for t < steps; peak at steps - 1
///   rate(t) = schedule(0) * (from + (1 - from) * c(t / steps))   with `from`; peak at t = steps
///   rate(t) = schedule(t - steps)                                from t = steps on
///   c(x)    = x, (1 - cos(pi x)) / 2, 1 - sqrt(1 - x) or x^power, by `curve`;
///             geometric: from^(1 - c) in place of from + (1 - from) * c
///
/// The lengths add up: a warmup of 10 steps and a Cosine of 90 steps take 100 steps.
///
/// Domain: steps >= 0, from in [0, 1], power > 0; for the geometric curve from and schedule(0) > 0;
///   all t. Warmup{0, s} is s. During the warmup, within [from, 1] times schedule(0).
/// Units: steps is a number of steps, from a fraction of the peak.
/// Cost: one division and the cost of the curve, or one evaluation of the schedule.
/// Errors: steps not given or negative; from outside [0, 1]; power not finite or <= 0; a geometric
///   warmup without `from`, from 0 or to 0, or if from * schedule(0) underflows; the schedule's own
///   fault.
/// Source: P. Goyal et al., Accurate, large minibatch SGD: training ImageNet in 1 hour, 2017.
/// Differs: without `from`, no update is made with a rate of 0, as in llm.c. Hugging Face, optax
///   and Keras have `.from = 0`; Hugging Face's "1-sqrt" is Curve::root. PyTorch's LinearLR has
///   `.from = start_factor`, by default 1/3. darknet's burn-in is `.from = 0` with Curve::power,
///   one step earlier. MXNet has the peak in two steps: Warmup{w - 1, Shift{s, 1}, 0}. If the
///   warmup covers the first w steps of a schedule instead of preceding them, it is Warmup{w,
///   Shift{s, -w}}; timm's cosine without warmup_prefix, which jumps at the end of the warmup, is
///   Sequence{Ramp{init, peak, w}, Shift{s, -w}}. DeepSpeed's logarithmic warmup is not supported.
/// Example: Warmup{100, Cosine{.start = 0.1, .end = 1e-3, .steps = 900}}
template <ScheduleArgument S>
struct Warmup {
  static constexpr const char* name = "Warmup";
  static constexpr const char* fields = "steps schedule... from= curve= power=";
  Length steps = {};
  S schedule;
  std::optional<double> from = {};
  Curve curve = Curve::linear;
  double power = 1;

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const step_t w = steps.steps();
    if (t >= w) return static_cast<double>(schedule(t - w));
    const double peak = static_cast<double>(schedule(0));
    const double low = static_cast<double>(peak * math::ieee(from.value_or(0.0)));
    const step_t at = from ? t : t + 1;
    if (curve != Curve::linear) return detail::rising<double>(curve, low, peak, at, w, power);
    if (from) return detail::interpolate<double>(low, peak, detail::fraction(at, w));
    return at == w ? peak : static_cast<double>(peak * math::ieee(detail::fraction(at, w)));
  }
  constexpr Length length() const noexcept
    requires HasLength<S>
  {
    return detail::added({steps, length_of(schedule)});
  }
  constexpr Fault check() const {
    if (const Fault fault = detail::check_length_or_0(name, "steps", steps)) return fault;
    if (from && (!math::is_finite(*from) || *from < 0 || *from > 1))
      return {name, "from", "must be in [0, 1]", *from};
    if (const Fault fault = detail::check_choice(name, "curve", curve)) return fault;
    const bool geometric = curve == Curve::geometric;
    if (geometric && !(from.value_or(0.0) > 0))
      return {name, "from", "must be > 0 for the geometric curve", from.value_or(0.0)};
    if (const Fault fault = detail::first_fault(
            detail::check_positive<double>(name, "power", power), fault_of<double>(schedule)))
      return fault;
    const double peak = geometric ? static_cast<double>(schedule(0)) : 1;
    if (!math::is_positive(peak))
      return {name, "schedule", "must begin above 0 for the geometric curve", peak};
    if (geometric && !math::is_positive(static_cast<double>(peak * math::ieee(*from))))
      return {name, "from", "must not make the first rate 0 for the geometric curve", *from};
    return {};
  }
  bool operator==(const Warmup&) const = default;
};
template <class N, class S, class... Fields>
Warmup(N, S, Fields...) -> Warmup<S>;

}}  // namespace gradus::GRADUS_ABI
