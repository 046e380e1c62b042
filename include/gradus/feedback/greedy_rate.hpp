#pragma once

#include <gradus/error/fault.hpp>
#include <gradus/feedback/factor.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Raises the rate while a metric improves, and reduces it while it does not: metric in, factor
/// out.
///
///   patience + 1 metrics in a row better than the best:  value <- min(value / factor, ceiling)
///   patience + 1 metrics in a row that are not better:   value <- max(value * factor, floor)
///
/// After a fall the next `cooldown` metrics are ignored, after a rise the next `warmup`. The
/// `reset`-th fall in a row that ends at the floor sets the value back to the start and forgets the
/// best metric; reset = 0 means never.
///
/// Domain: factor in (0, 1); patience, cooldown, warmup, reset >= 0; threshold >= 0, below 1 where
///   it is relative; start > 0, floor in [0, start], ceiling >= start; any metric; NaN and infinity
///   are bad.
/// Units: counts in metrics; start, floor, ceiling and least_change in units of the result.
/// State: `state`, six doubles. A copy of it, or of the whole, continues as the original does.
/// Init: value() is start, and there is no best.
/// Cost: some comparisons, and a division when the rate rises.
/// Errors: a field outside its domain, at each call, also of `value`.
/// Source: GreedyLR: a novel adaptive learning rate scheduler, 2025; Hugging Face's GreedyLR.
/// Differs: as there, ignored metrics do not count for the best. To smooth a metric, do so before
///   the call. Hugging Face's min_lr = 1e-3 and max_lr = 1 are rates; here floor and ceiling are
///   rates with, for example, `.start = 0.1` and the schedule `Constant{1}`.
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
  double least_change = 1e-8;  ///< a change of the value by this or less is not made
  Length reset = 500;

  struct State {
    double value = math::quiet_nan<double>();  ///< NaN: start
    double best = math::quiet_nan<double>();   ///< NaN: none
    double good = 0, bad = 0;                  ///< metrics in a row
    double waiting = 0;                        ///< metrics still to be ignored
    double at_floor = 0;                       ///< falls that ended there
  } state{};

  /// The current factor, or rate.
  constexpr double value() const {
    refuse_if(check());
    return detail::value_of(*this);
  }
  /// Takes a metric, and returns `value()`.
  constexpr double operator()(const double& metric) {
    refuse_if(check());
    if (state.waiting > 0) {
      state.waiting -= 1;
      return detail::value_of(*this);
    }
    const bool better = detail::improves(*this, metric);
    state.good = better ? state.good + 1 : 0;
    state.bad = better ? 0 : state.bad + 1;
    const double wait = static_cast<double>(patience.value);
    if (state.good > wait) {
      rise();
    } else if (state.bad > wait) {
      fall();
    }
    return detail::value_of(*this);
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(
            detail::check_patience(*this), detail::check_length_or_0(name, "warmup", warmup),
            detail::check_positive<double>(name, "ceiling", ceiling),
            detail::check_length_or_0(name, "reset", reset)))
      return fault;
    if (ceiling < start) return {name, "ceiling", "must be >= start", ceiling};
    return {};
  }

 private:
  constexpr void rise() noexcept {
    const double now = detail::value_of(*this);
    const double grown = static_cast<double>(math::ieee(now) / factor);
    const double next = grown > ceiling ? ceiling : grown;
    if (next - now > least_change) state.value = next;
    state.waiting = static_cast<double>(warmup.value);
    state.good = state.at_floor = 0;
  }
  constexpr void fall() noexcept {
    detail::shrink(*this);
    state.bad = 0;
    if (detail::value_of(*this) <= floor) state.at_floor += 1;
    if (reset.value > 0 && state.at_floor == static_cast<double>(reset.value)) state = {};
    state.waiting = static_cast<double>(cooldown.value);
  }
};

}}  // namespace gradus::GRADUS_ABI
