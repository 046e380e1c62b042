#pragma once

#include <gradus/error/fault.hpp>
#include <gradus/feedback/factor.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// How metrics are counted. `pytorch`: the value falls at the bad metric after `patience` bad ones
/// in a row, and a cooldown of n ignores n metrics. `keras`: the value falls at the patience-th bad
/// metric, and a cooldown of n ignores n - 1.
enum class Counting { pytorch, keras };

/// Reduces the rate when a metric has stopped improving: metric in, factor out.
///
///   better:  metric < best - threshold * |best|   (absolute: best - threshold; Goal::max: > and +)
///   after patience + 1 metrics in a row that are not better:
///     value <- max(value * factor, floor);  the next `cooldown` metrics are not counted
///
/// In each step call `opt.step(params, grads, {.factor = plateau.value()})`, and once an epoch
/// `plateau(loss)`. With `.start = 0.1` and the schedule `Constant{1}`, value and floor are rates.
///
/// Domain: factor in (0, 1); patience, cooldown >= 0; threshold >= 0, below 1 where it is relative;
///   start > 0, floor in [0, start], least_change >= 0; any metric; NaN and infinity are bad.
/// Units: patience and cooldown in metrics; start, floor and least_change in units of the result.
/// State: `state`, four doubles. A copy of it, or of the whole, continues as the original does.
/// Init: value() is start, and there is no best.
/// Cost: some comparisons.
/// Errors: a field outside its domain, at each call, also of `value`.
/// Source: torch.optim.lr_scheduler.ReduceLROnPlateau, whose defaults these are.
/// Differs: with a threshold relative to a negative best, PyTorch accepts metrics that are worse.
///   For Keras, use `.counting = Counting::keras, .margin = Margin::absolute, .least_change = 0`;
///   for optax, a patience that is less by 1. In libtorch's max mode no negative metric is ever
///   better, and its absolute threshold is multiplied with the best.
struct Plateau {
  static constexpr const char* name = "Plateau";
  double factor = 0.1;
  Length patience = 10;
  double threshold = 1e-4;
  Margin margin = Margin::relative;
  Goal goal = Goal::min;
  Length cooldown = 0;
  double start = 1;
  double floor = 0;
  double least_change = 1e-8;  ///< a change of the value by this or less is not made
  Counting counting = Counting::pytorch;

  struct State {
    double value = math::quiet_nan<double>();  ///< NaN: start
    double best = math::quiet_nan<double>();   ///< NaN: none
    double bad = 0;                            ///< metrics in a row that were not better
    double cooling = 0;                        ///< metrics still to be ignored
  } state{};

  /// The current factor, or rate.
  constexpr double value() const {
    refuse_if(check());
    return detail::value_of(*this);
  }
  /// Takes a metric, and returns `value()`.
  constexpr double operator()(const double& metric) {
    refuse_if(check());
    const bool keras = counting == Counting::keras, cooled = state.cooling > 0;
    const bool better = detail::improves(*this, metric);
    if (cooled) state.cooling -= 1;
    const bool ignored = keras ? state.cooling > 0 : cooled;
    state.bad = better || ignored ? 0 : state.bad + 1;
    if (state.bad > 0 && state.bad >= static_cast<double>(patience.value) + (keras ? 0 : 1)) {
      detail::shrink(*this);
      state.cooling = static_cast<double>(cooldown.value);
      state.bad = 0;
    }
    return detail::value_of(*this);
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(detail::check_patience(*this),
                               detail::check_one_of(name, "counting", counting, Counting::keras,
                                                    "must be pytorch or keras"));
  }
};

}}  // namespace gradus::GRADUS_ABI
