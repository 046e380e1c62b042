#pragma once

#include <utility>

#include <gradus/check.hpp>
#include <gradus/concepts.hpp>

namespace gradus::inline GRADUS_ABI {

/// One schedule for so many steps, then another from its own beginning. Longer sequences nest.
///
///   rate(t) = first(t) for t < steps, then(t - steps) from t = steps on
///
/// Domain: steps > 0; all t.
/// Units: steps is a number of steps.
/// Cost: one comparison and one evaluation.
/// Errors: steps = 0 or negative; either schedule's own fault.
/// Source: -
/// Differs: as optax' join_schedules. PyTorch's SequentialLR restarts its children by a hidden
///   step, wrongly on resume.
template <Schedule A, Schedule B>
struct Join {
  static constexpr const char* name = "Join";
  A first;
  Length steps = 1;
  B then;

  constexpr double operator()(step_t t) const noexcept(noexcept(first(t)) && noexcept(then(t))) {
    const step_t border = steps.steps();
    return t < border ? static_cast<double>(first(t)) : static_cast<double>(then(t - border));
  }
  constexpr Fault check() const {
    return detail::first_fault(detail::check_length(name, "steps", steps), fault_of<double>(first),
                               fault_of<double>(then));
  }
  constexpr bool operator==(const Join&) const = default;
};
template <class A, class N, class B>
Join(A, N, B) -> Join<A, B>;

}  // namespace gradus::inline GRADUS_ABI
