// The sentences for a first argument of an optimizer that is not a schedule.
#pragma once

#include <concepts>
#include <type_traits>

#include <gradus/concept/schedule.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Turns "the first argument is not a Schedule" into a readable static_assert.
template <class S>
struct NoSchedule {
  static constexpr bool called = std::invocable<S&, step_t>;
  static constexpr bool constant = called && std::invocable<const S&, step_t>;

  static_assert(called,
                "gradus::Optimizer: the first argument is not a Schedule, which is called with a "
                "step; a constant rate is gradus::Constant{rate}");
  static_assert(!called || constant,
                "gradus::Optimizer: the schedule must be callable while it is const, for it has no "
                "state: a lambda must not be mutable");
  static_assert(!constant || std::is_invocable_r_v<double, const S&, step_t>,
                "gradus::Optimizer: the schedule must return a number, the rate");
  static_assert(!constant || std::copy_constructible<S>,
                "gradus::Optimizer: the schedule must be copyable");
};
template <class S>
using scheduled_t = std::conditional_t<Schedule<S>, S, NoSchedule<S>>;

}}}  // namespace gradus::GRADUS_ABI::detail
