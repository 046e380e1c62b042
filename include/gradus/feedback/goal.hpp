// helper header
// When a metric counts as better than the best so far.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// What is wanted of a metric: a loss is to be low, an accuracy high.
enum class Goal { min, max };

/// What a threshold is a part of: `relative`, of the size of the best metric; `absolute`, nothing.
enum class Margin { relative, absolute };

namespace detail {

constexpr Fault check_choice(const char* type, const char* field, Goal goal) noexcept {
  return check_one_of(type, field, goal, Goal::max, "must be min or max");
}
constexpr Fault check_choice(const char* type, const char* field, Margin margin) noexcept {
  return check_one_of(type, field, margin, Margin::absolute, "must be relative or absolute");
}

/// What judges a metric: better is what is beyond the best by more than the threshold, in the
/// direction of the goal whatever the sign. NaN and infinity are never better; a best of NaN is
/// none.
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

/// A factor that makes a rate smaller: in (0, 1).
constexpr Fault check_shrinks(const char* type, const double& factor) noexcept {
  if (!math::is_finite(factor) || !(factor > 0) || factor >= 1)
    return {type, "factor", "must be in (0, 1)", factor};
  return {};
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
