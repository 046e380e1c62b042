// optional header
// A learning-rate finder: short trainings from one start.
#pragma once

#include <cstddef>

#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/ramp.hpp>
#include <gradus/tune/range_curve.hpp>
#include <gradus/tune/snapshot.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Makes a short training at each of several rates, all from the same start, and records the loss
/// at the end of each. Take `minimum()` of the curve as the peak of a schedule.
///
///   rate(i) = start * (end / start)^(i / rates);  loss(i) = mean of the last quarter of its losses
///   stops if a loss is NaN or infinite, or loss(i) > loss(0) + (divergence - 1) * |loss(0)|
///
/// A range test measures how fast the loss falls while the rate rises. A scan measures what loss
/// each rate reaches, with `rates` times as many steps. Parameters, slots, scalars and step are
/// restored bit for bit, also if the callback throws.
///
/// Domain: 0 < start < end; rates, steps > 0; divergence > 1, infinite for no limit.
/// Cost: at most rates * steps calls; a copy of parameters and state.
/// Errors: a field outside its domain; what the callback throws.
/// Source: the first round of successive halving, for rates: K. Jamieson, A. Talwalkar,
///   Non-stochastic best arm identification, 2016.
struct RateScan {
  static constexpr const char* name = "RateScan";
  double start = 1e-5;
  double end = 10;
  Length rates = 40;
  Length steps = 60;
  double divergence = 4;

  /// Calls `double loss = step(tried, rate)` with a copy of the optimizer whose schedule is 1, so
  /// that `tried.step(params, grads, {.factor = rate})` makes the step.
  template <class S, class R, Element P, SpanArgument<P> Params, class Step>
  RangeCurve operator()(Optimizer<S, R, P>& opt, Params&& params, Step&& step) const {
    refuse_if(check());
    const Ramp<> rate{.start = start, .end = end, .steps = rates, .curve = Curve::geometric};
    const detail::Restored restored{opt, params};
    Optimizer<Constant<>, R, P> tried = opt.with_schedule(Constant<>{1.0});
    RangeCurve r;
    r.cut = 0;
    for (step_t i = 0; i < rates.steps() && !r.diverged; ++i) {
      restored.before.restore(tried, params);
      const double loss = run(tried, rate(i), step);
      r.diverged = !math::is_finite(loss);
      if (r.diverged) break;
      r.rates.push_back(rate(i)), r.losses.push_back(loss);
      r.diverged = detail::diverges(loss, r.losses[0], divergence);
    }
    r.smoothed = r.losses;
    return r;
  }
  template <class S, class R, Element P, class Params, class Step>
    requires(!SpanArgument<Params, P>)
  RangeCurve operator()(Optimizer<S, R, P>&, Params&&, Step&&) const {
    return detail::explain<RangeCurve, detail::AsParams<P, Params>>();
  }

  constexpr Fault check() const noexcept {
    return detail::first_fault(detail::check_range(name, start, end, divergence),
                               detail::check_length(name, "rates", rates),
                               detail::check_length(name, "steps", steps));
  }

 private:
  /// The mean of the last losses at this rate, or the first loss that is not finite.
  template <class Tried, class Step>
  double run(Tried& tried, double rate, Step& step) const {
    const step_t n = steps.steps(), last = (n + 3) / 4;
    math::ieee sum = 0.0;
    for (step_t t = 0; t < n; ++t) {
      const double loss = static_cast<double>(step(tried, rate));
      if (!math::is_finite(loss)) return loss;
      if (t >= n - last) sum = sum + loss;
    }
    return static_cast<double>(sum / static_cast<double>(last));
  }
};

}}  // namespace gradus::GRADUS_ABI
