// A learning-rate finder: a short training with a rising rate.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <gradus/error/check.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/ramp.hpp>
#include <gradus/tune/range_curve.hpp>
#include <gradus/tune/snapshot.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Trains with a rising rate and records the losses. `RangeCurve` has the rates that it suggests.
///
///   rate(i) = start * (end / start)^(i / steps), or on another curve
///   smoothed(i) = (1 - smoothing) * sum over j <= i of smoothing^(i - j) * loss(j)
///                 / (1 - smoothing^(i + 1))
///   stops if the loss is NaN or infinite, or if, after the first tenth of the steps,
///     smoothed > best + (divergence - 1) * |best|, where best is the least smoothed loss before
///
/// With an optimizer, the parameters and the optimizer's slots, scalars and step are restored bit
/// for bit, also if the callback throws. What else the callback changes, such as gradients or a
/// position in the data, is not restored.
///
/// Domain: 0 < start < end; steps > 0; smoothing in [0, 1); divergence > 1, infinite for no limit.
/// Cost: `steps` calls; a copy of parameters and state.
/// Errors: a field outside its domain; what the callback throws.
/// Source: L. N. Smith, Cyclical learning rates for training neural networks, 2017; fastai's
///   lr_find, whose defaults these are.
/// Differs: fastai stops at divergence * best, which a negative loss exceeds at once. It does so
///   from the first step on, where one lucky batch can be the best loss and the next one ends the
///   test.
struct RangeTest {
  static constexpr const char* name = "RangeTest";
  double start = 1e-7;
  double end = 10;
  Length steps = 100;
  Curve curve = Curve::geometric;
  double smoothing = 0.98;
  double divergence = 4;

  /// Calls `double loss = step(rate)`, which makes a training step with this rate. Restores
  /// nothing.
  template <std::invocable<double> Step>
  RangeCurve operator()(Step&& step) const {
    refuse_if(check());
    const Ramp<> rate{.start = start, .end = end, .steps = steps, .curve = curve};
    RangeCurve r;
    r.skipped = steps.steps() / 10;
    math::ieee average = 0.0, weight = 1.0;
    double best = math::positive_infinity<double>();
    for (step_t i = 0; i < steps.steps() && !r.diverged; ++i) {
      const double loss = static_cast<double>(step(rate(i)));
      if (!math::is_finite(loss)) {
        r.diverged = true;
        break;
      }
      weight = weight * smoothing;
      average = average * smoothing + loss * (math::ieee(1.0) - smoothing);
      const double smoothed = static_cast<double>(average / (math::ieee(1.0) - weight));
      r.rates.push_back(rate(i)), r.losses.push_back(loss), r.smoothed.push_back(smoothed);
      if (i < r.skipped) continue;
      if (smoothed < best) best = smoothed;
      r.diverged = detail::diverges(smoothed, best, divergence);
    }
    return r;
  }

  /// Calls `double loss = step(tried, rate)` with a copy of the optimizer whose schedule is 1, so
  /// that `tried.step(params, grads, {.factor = rate})` makes the step. Or calls `step(rate)`,
  /// which steps `opt` itself.
  template <class S, class R, Element P, SpanArgument<P> Params, class Step>
  RangeCurve operator()(Optimizer<S, R, P>& opt, Params&& params, Step&& step) const {
    using Tried = Optimizer<Constant<>, R, P>;
    refuse_if(check());
    const detail::Restored restored{opt, params};
    if constexpr (std::invocable<Step&, Tried&, double>) {
      Tried tried = opt.with_schedule(Constant<>{1.0});
      return (*this)([&](double rate) { return static_cast<double>(step(tried, rate)); });
    } else {
      return (*this)(step);
    }
  }

  template <class S, class R, Element P, class Params, class Step>
    requires(!SpanArgument<Params, P>)
  RangeCurve operator()(Optimizer<S, R, P>&, Params&&, Step&&) const {
    return detail::explain<RangeCurve, detail::AsParams<P, Params>>();
  }

  constexpr Fault check() const noexcept {
    return detail::first_fault(detail::check_range(name, start, end, divergence),
                               detail::check_length(name, "steps", steps),
                               detail::check_beta<double>(name, "smoothing", smoothing));
  }
};

}}  // namespace gradus::GRADUS_ABI
