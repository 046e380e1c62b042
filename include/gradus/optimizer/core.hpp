// The parts of an optimizer, and the phases of its step.
#pragma once

#include <cstddef>
#include <utility>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/concept/schedule.hpp>
#include <gradus/exec/apply.hpp>
#include <gradus/memory/finite.hpp>
#include <gradus/memory/state.hpp>
#include <gradus/optimizer/context.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

[[noreturn]] GRADUS_COLD inline void refuse_moved_from(const Caller& who, const char* call) {
  refuse(who.about(call) << " must not be called on an optimizer that was moved from");
}

/// What an `Optimizer` holds. A step has four phases: check, judge, update, count. The first two
/// may refuse the step, and change neither the parameters, nor the state, nor the counter. `step`
/// runs the phases for one optimizer; groups run each phase for all of their optimizers before the
/// next.
template <class S, class R, Element P>
struct Core {
  using value_type = P;
  using T = arithmetic_t<P>;

  S schedule;
  R rule;
  NonFinite policy = NonFinite::propagate;
  step_t t = 0;
  mutable math::Powers powers{};  // only saves time: it does not change what a step does
  State<P, slot_types_t<R, T>, scalar_count<R>, span_scalar_count<R>> state{};
  static constexpr bool for_matrices = MatrixRule<R, T>;
  [[no_unique_address]] Matrices<T, for_matrices> matrices{};  // their shapes, for a rule that asks

  template <Element G, class Params, class Grads, class E>
  StepResult step(const Caller& who, Params& params, Grads& grads, const StepOptions& options,
                  const E& run) {
    check_spans<G>(who, params, grads);
    state.check_overlap(who);
    const auto& now = rule_now(options);
    const Context context = check_context(who, now, options);
    const bool applied = judge<G>(who, options);
    if (applied) {
      update(now, context, state_streams<G>(options.scale), run);
      count();
    }
    return {context.t, context.rate, applied};
  }

  /// Check: the spans of the call, which become the views of the step.
  template <Element G, class Params, class Grads>
  void check_spans(const Caller& who, Params& params, Grads& grads) {
    check_alive(who, "step");
    if constexpr (for_matrices) {
      matrices.check(who, "params", params);
      matrices.check(who, "grads", grads);
    }
    state.template take<G>(who, params, grads);
  }
  /// Check: the step's number and rate, its options, and a rule whose fields vary.
  template <class Now>
  Context check_context(const Caller& who, const Now& now, const StepOptions& options) const {
    const Context context = context_of<T>(who, t, rate(options.position), options, powers);
    check_loss<R>("StepOptions", options.loss);
    if constexpr (HasAt<R>) refuse_if(fault_of<T>(now));
    return context;
  }
  /// Judge: whether the policy lets these gradients be applied. Reads them only if it has to.
  template <Element G>
  bool judge(const Caller& who, const StepOptions& options) const {
    if (options.skip || policy == NonFinite::propagate) return !options.skip;
    const auto streams = state_streams<G>(options.scale);
    if (!usable(who, streams, policy)) return false;
    if constexpr (for_matrices) return matrices.usable(who, streams, policy);
    return true;
  }
  /// Update: one fused sweep over parameters, gradients and state; two for each matrix. It takes
  /// the streams by value, and its callers make them in the call: to copy what was just written
  /// would wait until all of it is in memory.
  template <class Now, class Streams, class E>
  void update(const Now& now, const Context& context, Streams streams, const E& run) noexcept {
    if constexpr (for_matrices) {
      matrices.update(now, context, streams, state.scalars(), state.span_scalars(), run);
    } else {
      if constexpr (!HasForSpan<kernel_t<R, T>>) streams.views = state.joined();
      exec::apply(now, context, streams, state.scalars(), state.span_scalars(), run);
    }
  }
  /// Count: the step counter holds the number of applied updates.
  void count() noexcept { ++t; }

  /// The step of a frozen group: only the options, and the number and sizes of spans, are checked.
  /// Gradients may also be empty spans, since a frozen group needs none.
  template <Element G, class Params, class Grads>
  StepResult frozen(const Caller& who, Params& params, Grads& grads, const StepOptions& options) {
    check_alive(who, "step");
    check_sizes<P>(who, "params", params, state.views());
    check_sizes<const G>(who, "grads", grads, state.views(), true);
    check_options<T>(options);
    return {t, rate(options.position) * options.factor, false, true};
  }

  /// The rate of the update that comes next.
  double rate(Length position) const {
    return static_cast<double>(schedule(evaluated_at(t, position)));
  }
  /// The rule as it is at this step.
  decltype(auto) rule_now(const StepOptions& options) const {
    return rule_at(rule, evaluated_at(t, options.position));
  }
  /// What the sweep works on: the spans that were checked, with gradients of type G.
  template <Element G>
  auto state_streams(const double& scale) const {
    return exec::streams<P, G>(state.views(), state.slots(), static_cast<T>(scale), simd::current(),
                               t);
  }
  /// Refuses a call on an optimizer whose state was moved away.
  void check_alive(const Caller& who, const char* call) const {
    if (!state.alive()) refuse_moved_from(who, call);
  }
};

}}}  // namespace gradus::GRADUS_ABI::detail
