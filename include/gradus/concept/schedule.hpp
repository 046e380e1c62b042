// What a schedule is.
#pragma once

#include <concepts>

#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule maps the index of an update to a rate: a copyable value, callable while const,
/// without state. A lambda will do.
template <class S>
concept Schedule = std::copy_constructible<S> && requires(const S& s, step_t t) {
  { s(t) } -> std::convertible_to<double>;
};

namespace detail {
/// Says in a sentence why S is not a Schedule.
template <class S>
struct NotASchedule {
  static constexpr bool called = std::invocable<S&, step_t>;
  static constexpr bool constant = called && std::invocable<const S&, step_t>;

  static_assert(called,
                "gradus: a schedule must be callable with a step; a constant rate is "
                "gradus::Constant{rate}");
  static_assert(!called || constant,
                "gradus: a schedule must be callable while it is const, because it has no state: a "
                "lambda must not be mutable");
  static_assert(!constant || std::is_invocable_r_v<double, const S&, step_t>,
                "gradus: a schedule must return a number, the rate");
  static_assert(!constant || std::copy_constructible<S>, "gradus: a schedule must be copyable");
  static constexpr bool value = false;
};
}  // namespace detail

/// A schedule that another one takes. Anything else is a compile error with a sentence.
template <class S>
concept ScheduleArgument = Schedule<S> || detail::NotASchedule<S>::value;

}}  // namespace gradus::GRADUS_ABI
