#pragma once

#include <gradus/error/fault.hpp>
#include <gradus/feedback/goal.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Makes the rate larger while a metric gets better, and smaller while it does not: metric in,
/// factor out.
///
///   patience + 1 metrics in a row better than the best:  value <- min(value / factor, ceiling)
///   patience + 1 in a row that are not:                  value <- max(value * factor, floor)
///
/// After a fall, `cooldown` metrics are not looked at, after a rise, `warmup`. The `reset`-th fall
/// in a row that ends at the floor goes back to the start, and forgets the best.
///
/// Domain: factor in (0, 1); patience, cooldown, warmup, reset >= 0; threshold >= 0, below 1 where
///   it is relative; start > 0, floor in [0, start], ceiling >= start; any metric: what is NaN or
///   infinite is bad.
/// Units: counts in metrics; start, floor, ceiling and least_change in units of the result.
/// State: `state`, six doubles: a copy of it, or of the whole, continues as the original does.
/// Init: value() is start, and there is no best.
/// Cost: some comparisons, at times a division.
/// Errors: a field outside, at each call, also of `value`.
/// Source: GreedyLR: a novel adaptive learning rate scheduler, 2025; Hugging Face's GreedyLR.
/// Differs: the best is the best that was looked at, as there. A metric may be smoothed before it
///   comes here. There min_lr = 1e-3 and max_lr = 1 are rates; here `.start = 0.1`, say, with the
///   schedule `Constant{1}` makes them so. reset = 0 is never.
struct GreedyRate {
  static constexpr const char* name = "GreedyRate";
  double factor = 0.95;
  Length patience = 10;
  double threshold = 1e-6;
  Margin margin = Margin::absolute;
  Goal goal = Goal::min;
  Length cooldown = 0;
  Length warmup = 0;
  double start = 1;
  double floor = 0.01;
  double ceiling = 10;
  double least_change = 1e-8;  ///< what changes the value by this or less is left
  Length reset = 500;

  struct State {
    double value = math::quiet_nan<double>();  ///< NaN: start
    double best = math::quiet_nan<double>();   ///< NaN: none
    double good = 0, bad = 0;                  ///< metrics in a row
    double waiting = 0;                        ///< metrics that are still not to be looked at
    double at_floor = 0;                       ///< falls that ended there
  } state{};

  /// The factor, or rate, as it is now.
  constexpr double value() const {
    refuse_if(check());
    return now();
  }
  /// Takes note of a metric, and returns `value()`.
  constexpr double operator()(const double& metric) {
    refuse_if(check());
    if (state.waiting > 0) {
      state.waiting -= 1;
      return now();
    }
    const bool better = detail::Judge{goal, margin, threshold}.better(metric, state.best);
    if (better) state.best = metric;
    state.good = better ? state.good + 1 : 0;
    state.bad = better ? 0 : state.bad + 1;
    const double borne = static_cast<double>(patience.value);
    if (state.good > borne) {
      rise();
    } else if (state.bad > borne) {
      fall();
    }
    return now();
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(
            detail::check_shrinks(name, factor),
            detail::check_length_or_0(name, "patience", patience),
            detail::Judge{goal, margin, threshold}.check(name),
            detail::check_length_or_0(name, "cooldown", cooldown),
            detail::check_length_or_0(name, "warmup", warmup),
            detail::check_positive<double>(name, "start", start),
            detail::check_floor<double>(name, floor, start),
            detail::check_positive<double>(name, "ceiling", ceiling),
            detail::check_not_negative<double>(name, "least_change", least_change),
            detail::check_length_or_0(name, "reset", reset)))
      return fault;
    if (ceiling < start) return {name, "ceiling", "must be >= start", ceiling};
    return {};
  }

 private:
  constexpr double now() const noexcept { return math::is_nan(state.value) ? start : state.value; }
  constexpr void rise() noexcept {
    const double grown = static_cast<double>(math::ieee(now()) / factor);
    const double next = grown > ceiling ? ceiling : grown;
    if (next - now() > least_change) state.value = next;
    state.waiting = static_cast<double>(warmup.value);
    state.good = state.at_floor = 0;
  }
  constexpr void fall() noexcept {
    const double shrunk = static_cast<double>(math::ieee(now()) * factor);
    const double next = shrunk < floor ? floor : shrunk;
    if (now() - next > least_change) state.value = next;
    state.bad = 0;
    if (now() <= floor) state.at_floor += 1;
    if (reset.value > 0 && state.at_floor == static_cast<double>(reset.value)) state = {};
    state.waiting = static_cast<double>(cooldown.value);
  }
};

}}  // namespace gradus::GRADUS_ABI
