// helper header
// The value that a feedback returns: a factor for the rate, or the rate itself.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/feedback/goal.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The value as it is now: `start` until it has been changed, which NaN in the state stands for.
template <class F>
constexpr double value_of(const F& feedback) noexcept {
  return math::is_nan(feedback.state.value) ? feedback.start : feedback.state.value;
}

/// value * factor, but not below `floor`.
constexpr double shrunk(const double& value, const double& factor, const double& floor) noexcept {
  const double product = static_cast<double>(math::ieee(value) * factor);
  return product < floor ? floor : product;
}

/// Makes the value smaller, unless that would change it by `least_change` or less.
template <class F>
constexpr void shrink(F& feedback) noexcept {
  const double now = value_of(feedback), next = shrunk(now, feedback.factor, feedback.floor);
  if (now - next > feedback.least_change) feedback.state.value = next;
}

/// Whether a metric is better than the best so far; if so, it is the new best.
template <class F>
constexpr bool improves(F& feedback, const double& metric) noexcept {
  const Judge judge{feedback.goal, feedback.margin, feedback.threshold};
  const bool better = judge.better(metric, feedback.state.best);
  if (better) feedback.state.best = metric;
  return better;
}

/// The sizes of the metrics in a window are below this, so that their squares are finite.
inline constexpr double window_limit = 1e150;
constexpr bool fits_in_window(const double& metric) noexcept {
  return math::is_finite(metric) && metric < window_limit && metric > -window_limit;
}

/// The first fault of what shrinks a value: factor in (0, 1), start > 0, floor in [0, start].
template <class F>
constexpr Fault check_shrinking(const F& feedback) noexcept {
  const double& factor = feedback.factor;
  if (!math::is_finite(factor) || !(factor > 0) || factor >= 1)
    return {F::name, "factor", "must be in (0, 1)", factor};
  return first_fault(check_positive<double>(F::name, "start", feedback.start),
                     check_floor<double>(F::name, feedback.floor, feedback.start));
}

/// The first fault of what waits for a better metric, and then shrinks a value.
template <class F>
constexpr Fault check_patience(const F& feedback) noexcept {
  return first_fault(check_shrinking(feedback),
                     check_length_or_0(F::name, "patience", feedback.patience),
                     Judge{feedback.goal, feedback.margin, feedback.threshold}.check(F::name),
                     check_length_or_0(F::name, "cooldown", feedback.cooldown),
                     check_not_negative<double>(F::name, "least_change", feedback.least_change));
}

}}}  // namespace gradus::GRADUS_ABI::detail
