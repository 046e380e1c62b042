// What is done inside an optimizer: the parts of a step, for one optimizer or for several at once.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <gradus/concept/rule.hpp>
#include <gradus/concept/schedule.hpp>
#include <gradus/exec/all_finite.hpp>
#include <gradus/step/result.hpp>
#include <gradus/update.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Stands where a schedule should, so that an optimizer without one is refused in words.
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

/// The friend of `Optimizer`. A step has parts, and each is done for every optimizer of a group
/// before the next: first what may be refused, then what cannot fail.
struct Inside {
  template <class O>
  static auto& state(O& o) noexcept {
    return o.state_;
  }
  /// State, to be read or taken; refused where it was moved away.
  template <class O>
  static auto& alive(O& o, const char* call) {
    o.alive(call);
    return o.state_;
  }
  /// The rule as it is at this step.
  template <class O>
  static decltype(auto) now(const O& o, const StepOptions& options) {
    return rule_at(o.rule_, evaluated_at(o.t_, options.position));
  }
  /// The step's number and rate, or a refusal of what is wrong with them, or with the rule.
  template <class O>
  static Context ready(const O& o, const auto& now, const StepOptions& options) {
    using T = typename O::T;
    using R = std::remove_cvref_t<decltype(o.rule_)>;
    const Context context = context_of<T>(o.t_, o.rate(options.position), options);
    check_loss<R>("StepOptions", options.loss);
    if constexpr (HasAt<R>) refuse_if(fault_of<T>(now));  // it varies
    return context;
  }
  /// What a step does of a frozen optimizer: it looks at its schedule, and at nothing else.
  template <class O>
  static StepResult frozen(const O& o, const StepOptions& options) {
    check_options<typename O::T>(options);
    return {o.t_, o.rate(options.position) * options.factor, false, true};
  }
  /// What the step works on: the spans that the state has taken, gradients of type G.
  template <Element G, class O>
  static auto streams(const O& o, const double& scale) {
    return exec::streams<typename O::value_type, G>(o.state_.views(), o.state_.slots(),
                                                    static_cast<typename O::T>(scale),
                                                    simd::current(), o.t_);
  }
  /// Whether these gradients are to be applied. Errors: as the policy says.
  static bool allows(const auto& o, const auto& streams, const StepOptions& options) {
    if (options.skip) return false;
    if (o.policy_ == NonFinite::propagate) return true;
    const std::size_t bad = exec::first_non_finite(streams);
    if (bad == streams.views.size()) return true;
    if (o.policy_ == NonFinite::raise) refuse_non_finite(streams, bad);
    return false;
  }
  /// Makes the update.
  static void apply(auto& o, const auto& now, const Context& context, const auto& streams,
                    const auto& run) noexcept {
    exec::apply(now, context, streams, o.state_.scalars(), o.state_.span_scalars(), run);
    ++o.t_;
  }

  template <Element G, class O, class E>
  static StepResult step(O& o, const StepOptions& options, const E& run) {
    const auto& rule = now(o, options);
    const Context context = ready(o, rule, options);
    const auto all = streams<G>(o, options.scale);
    const bool applied = allows(o, all, options);
    if (applied) apply(o, rule, context, all, run);
    return {context.t, context.rate, applied};
  }
};

}}}  // namespace gradus::GRADUS_ABI::detail
