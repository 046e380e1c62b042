#pragma once

#include <gradus/error/fault.hpp>
#include <gradus/feedback/goal.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// When patience is at an end: `pytorch`, at the bad metric after `patience` bad ones in a row, and
/// a cooldown of n ignores n metrics; `keras`, at the patience-th, and it ignores n - 1.
enum class Counting { pytorch, keras };

/// Makes the rate smaller where a metric has stopped getting better: metric in, factor out.
///
///   better:  metric < best - threshold * |best|   (absolute: best - threshold; Goal::max: > and +)
///   after patience + 1 metrics in a row that are not:
///     value <- max(value * factor, floor);  the next `cooldown` metrics are not counted
///
/// `opt.step(params, grads, {.factor = plateau.value()})`; once an epoch, `plateau(loss)`. With
/// `.start = 0.1` and the schedule `Constant{1}`, value and floor are rates.
///
/// Domain: factor in (0, 1); patience, cooldown >= 0; threshold >= 0, below 1 where it is relative;
///   start > 0, floor in [0, start], least_change >= 0; any metric: what is NaN or infinite is bad.
/// Units: patience and cooldown in metrics; start, floor and least_change in units of the result.
/// State: `state`, four doubles: a copy of it, or of the whole, continues as the original does.
/// Init: value() is start, and there is no best.
/// Cost: some comparisons.
/// Errors: a field outside, at each call, also of `value`.
/// Source: torch.optim.lr_scheduler.ReduceLROnPlateau, whose defaults these are.
/// Differs: with a threshold relative to a negative best, PyTorch accepts what is worse. Keras:
///   `.counting = Counting::keras, .margin = Margin::absolute, .least_change = 0`. optax: one less
///   patience. libtorch's max mode takes no negative metric for better, and its absolute threshold
///   multiplies.
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
  double least_change = 1e-8;  ///< what changes the value by this or less is left
  Counting counting = Counting::pytorch;

  struct State {
    double value = math::quiet_nan<double>();  ///< NaN: start
    double best = math::quiet_nan<double>();   ///< NaN: none
    double bad = 0;                            ///< metrics in a row that were not better
    double cooling = 0;                        ///< metrics that are still not to be counted
  } state{};

  /// The factor, or rate, as it is now.
  constexpr double value() const {
    refuse_if(check());
    return now();
  }
  /// Takes note of a metric, and returns `value()`.
  constexpr double operator()(const double& metric) {
    refuse_if(check());
    const bool keras = counting == Counting::keras, cooled = state.cooling > 0;
    const bool better = detail::Judge{goal, margin, threshold}.better(metric, state.best);
    if (better) state.best = metric;
    if (cooled) state.cooling -= 1;
    const bool ignored = keras ? state.cooling > 0 : cooled;
    state.bad = better || ignored ? 0 : state.bad + 1;
    if (state.bad == 0 || state.bad < static_cast<double>(patience.value) + (keras ? 0 : 1))
      return now();
    const double shrunk = static_cast<double>(math::ieee(now()) * factor);
    const double next = shrunk < floor ? floor : shrunk;
    if (now() - next > least_change) state.value = next;
    state.cooling = static_cast<double>(cooldown.value);
    state.bad = 0;
    return now();
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(
        detail::check_shrinks(name, factor), detail::check_length_or_0(name, "patience", patience),
        detail::Judge{goal, margin, threshold}.check(name),
        detail::check_length_or_0(name, "cooldown", cooldown),
        detail::check_one_of(name, "counting", counting, Counting::keras,
                             "must be pytorch or keras"),
        detail::check_positive<double>(name, "start", start),
        detail::check_floor<double>(name, floor, start),
        detail::check_not_negative<double>(name, "least_change", least_change));
  }

 private:
  constexpr double now() const noexcept { return math::is_nan(state.value) ? start : state.value; }
};

}}  // namespace gradus::GRADUS_ABI
