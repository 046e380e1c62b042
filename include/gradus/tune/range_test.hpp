// A learning-rate finder: a short run with a rising rate.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <gradus/check.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/ramp.hpp>
#include <gradus/tune/range_curve.hpp>
#include <gradus/tune/snapshot.hpp>

namespace gradus::inline GRADUS_ABI {

/// Trains with a rising rate, and notes the losses; see `RangeCurve` for the rates it suggests.
///
///   rate(i) = start * (end / start)^(i / steps)   (or another curve)
///   smoothed(i) = (1 - smoothing) * sum over j <= i of smoothing^(i - j) * loss(j)
///                 / (1 - smoothing^(i + 1))
///   stops where the loss is NaN or infinite, or, after the first tenth of the steps,
///     smoothed > best + (divergence - 1) * |best|, best being the least of those before
///
/// With an optimizer, parameters, its slots, scalars and step are restored bit for bit, also where
/// the callback throws: the error is passed on. What else the callback changes (gradients, a place
/// in the data) is its own.
///
/// Domain: 0 < start < end; steps > 0; smoothing in [0, 1); divergence > 1, infinite for none.
/// Cost: `steps` calls; a copy of parameters and state.
/// Errors: a field outside; what the callback throws.
/// Source: L. N. Smith, Cyclical learning rates for training neural networks, 2017; fastai's
///   lr_find, whose defaults these are.
/// Differs: fastai stops at divergence * best, which a negative loss exceeds at once, and from the
///   first step on, where one lucky batch is the best and the next one ends the test.
struct RangeTest {
  static constexpr const char* name = "RangeTest";
  double start = 1e-7;
  double end = 10;
  Length steps = 100;
  Curve curve = Curve::geometric;
  double smoothing = 0.98;
  double divergence = 4;

  /// Calls `double loss = step(rate)`, which makes a training step with this rate, and restores
  /// nothing.
  template <std::invocable<double> Step>
  RangeCurve operator()(Step&& step) const {
    refuse_if(check());
    const Ramp<> rate{.start = start, .end = end, .steps = steps, .curve = curve};
    RangeCurve r;
    r.skipped = steps.steps() / 10;
    math::ieee average = 0.0, weight = 1.0;
    double best = 0;
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
      if (i == r.skipped || smoothed < best) best = smoothed;
      const double size = best < 0 ? -best : best;
      r.diverged = static_cast<double>(math::ieee(smoothed) - best) > (divergence - 1) * size;
    }
    return r;
  }

  /// Calls `double loss = step(tried, rate)` with a copy of the optimizer whose schedule is 1:
  /// `tried.step(params, grads, {.factor = rate})` makes the step. Or `step(rate)`, which steps
  /// `opt` itself.
  template <class S, class R, Element P, SpanArgument<P> Params, class Step>
  RangeCurve operator()(Optimizer<S, R, P>& opt, Params&& params, Step&& step) const {
    using Tried = Optimizer<Constant<>, R, P>;
    refuse_if(check());
    const Snapshot<R, P> before(opt, params);
    struct Restore {
      const Snapshot<R, P>& before;
      Optimizer<S, R, P>& opt;
      std::remove_reference_t<Params>& params;
      ~Restore() noexcept(false) { before.restore(opt, params); }
    };
    if constexpr (std::invocable<Step&, Tried&, double>) {
      Tried tried = opt.with_schedule(Constant<>{1.0});
      const Restore restore{before, opt, params};
      return (*this)([&](double rate) { return static_cast<double>(step(tried, rate)); });
    } else {
      const Restore restore{before, opt, params};
      return (*this)(step);
    }
  }

  constexpr Fault check() const noexcept {
    if (const Fault fault =
            detail::first_fault(detail::check_positive<double>(name, "start", start),
                                detail::check_positive<double>(name, "end", end),
                                detail::check_length(name, "steps", steps),
                                detail::check_beta<double>(name, "smoothing", smoothing)))
      return fault;
    if (end <= start) return {name, "end", "must be > start", end};
    if (!(divergence > 1)) return {name, "divergence", "must be > 1", divergence};
    return Ramp<>{.start = start, .end = end, .steps = steps, .curve = curve}.check();
  }
};

}  // namespace gradus::inline GRADUS_ABI
