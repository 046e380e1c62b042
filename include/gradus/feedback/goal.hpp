// helper header
// When a metric is better than the best so far.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Whether a metric is to be low, as a loss, or high, as an accuracy.
enum class Goal { min, max };

/// Whether a threshold is a fraction of the best metric's size or an absolute number.
enum class Margin { relative, absolute };

namespace detail {

constexpr Fault check_choice(const char* type, const char* field, Goal goal) noexcept {
  return check_one_of(type, field, goal, Goal::max, "must be min or max");
}
constexpr Fault check_choice(const char* type, const char* field, Margin margin) noexcept {
  return check_one_of(type, field, margin, Margin::absolute, "must be relative or absolute");
}

/// Judges a metric. It is better if it is beyond the best by more than the threshold, in the
/// direction of the goal, whatever the signs. NaN and infinity are never better. A best of NaN
/// means that there is none yet.
struct Judge {
  Goal goal;
  Margin margin;
  double threshold;

  constexpr bool better(const double& metric, const double& best) const noexcept {
    if (!math::is_finite(metric)) return false;
    if (math::is_nan(best)) return true;
    const bool up = goal == Goal::max;
    const math::ieee away =
        up == (margin == Margin::absolute || best >= 0) ? threshold : -threshold;
    const double limit = static_cast<double>(
        margin == Margin::absolute ? best + away : best * (math::ieee(1.0) + away));
    return up ? metric > limit : metric < limit;
  }
  constexpr Fault check(const char* type) const noexcept {
    if (const Fault fault =
            first_fault(check_choice(type, "goal", goal), check_choice(type, "margin", margin),
                        check_not_negative<double>(type, "threshold", threshold)))
      return fault;
    if (margin == Margin::relative && threshold >= 1)
      return {type, "threshold", "must be < 1 where it is relative", threshold};
    return {};
  }
};

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
