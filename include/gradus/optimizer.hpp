// The optimizer: a schedule, a rule, their state, and the one step counter.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/slot_index.hpp>
#include <gradus/optimizer/core.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule and a rule composed, with the state they need, for parameters of type P: float,
/// double, bfloat16 or float16 (the arithmetic on halves is in float).
///
/// `step(params, grads)` makes one update: rate = schedule(t), then params -= rule's step, in one
/// fused sweep, then t + 1. Shapes: `params` and `grads` are one span each or a list of spans, of
/// the sizes the optimizer was made for. A copy is an independent continuation. Not safe for
/// concurrent calls on one object.
/// Errors: `gradus::Error` with one sentence; a call that is refused has changed nothing.
/// Cost: one allocation at construction, none in `step`; bytes moved as the rule's `Traffic` says.
template <ScheduleArgument S, class R, Element P = float>
  requires Rule<R, arithmetic_t<P>>
class Optimizer {
  using T = arithmetic_t<P>;
  static constexpr const char* name = "Optimizer";
  static constexpr bool for_matrices = MatrixRule<R, T>;
  // An item of parameters in braces, which keeps its shape if the rule asks for shapes.
  using Item = std::conditional_t<for_matrices, Shaped<P>, std::span<P>>;

 public:
  using value_type = P;
  /// The type of the first slot; most rules store all slots in it.
  using slot_type = detail::first_t<slot_types_t<R, T>, T>;

  /// For one span of `n` parameters. Refuses a rule with a slot that starts as their copy.
  Optimizer(S s, R r, std::size_t n, NonFinite policy = NonFinite::propagate)
      : core_{std::move(s), std::move(r), policy} {
    make_state(n);
  }
  /// For these parameters: one span, or a list of spans.
  template <SpanArgument<P> Params>
  Optimizer(S s, R r, Params&& params, NonFinite policy = NonFinite::propagate)
      : core_{std::move(s), std::move(r), policy} {
    make_state(params);
  }
  Optimizer(S s, R r, std::initializer_list<Item> params, NonFinite policy = NonFinite::propagate)
      : core_{std::move(s), std::move(r), policy} {
    make_state(params);
  }

  /// Makes one update. The executor `run` divides the work among threads; every executor gives the
  /// same bits.
  template <SpanArgument<P> Params, GradientsFor<T> Grads, Executor E = Seq>
  StepResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                  const E& run = {}) {
    return core_.template step<detail::value_t<const Grads>>(name, params, grads, options, run);
  }
  StepResult step(std::initializer_list<Item> params,
                  std::initializer_list<std::span<const P>> grads,
                  const StepOptions& options = {}) {
    return core_.template step<P>(name, params, grads, options, seq);
  }

  /// The rate of the next update: `schedule(steps())`, or `schedule(position)`.
  double rate(Length position = {}) const { return core_.rate(position); }
  /// How many updates have been applied; the next one has this index.
  step_t steps() const noexcept { return core_.t; }
  /// Continues as update `t`: resuming a schedule is one integer. State is left as it is.
  void seek(Length t) {
    refuse_if(detail::check_step(name, "seek", t));
    core_.t = t.steps();
  }

  const S& schedule() const noexcept { return core_.schedule; }
  const R& rule() const noexcept { return core_.rule; }
  std::size_t size() const noexcept { return core_.state.size(); }
  std::size_t spans() const noexcept { return core_.state.spans(); }
  std::size_t size(std::size_t span) const {
    if (span >= spans())
      refuse({name, "size", "must be below the number of spans", static_cast<double>(span)});
    return core_.state.views()[span].n;
  }
  /// The shape of a span, for a rule that asks for shapes.
  const Shape& shape(std::size_t span) const
    requires for_matrices
  {
    if (span >= spans())
      refuse({name, "shape", "must be below the number of spans", static_cast<double>(span)});
    return core_.matrices.shapes()[span];
  }
  NonFinite non_finite() const noexcept { return core_.policy; }

  /// State, to read, save and put back: slots by number, by name, "m", or by the name in files,
  /// "exp_avg" (one element for each parameter, spans one after another). Of a rule for matrices
  /// also the slots whose sizes follow from the shapes, by name: NorMuon's "v".
  static constexpr std::size_t slots() noexcept { return slot_count<R>; }
  template <Storage E = slot_type, class Which>
  std::span<E> slot(const Which& which) {
    return slot_span<E>(which);
  }
  template <Storage E = slot_type, class Which>
  std::span<const E> slot(const Which& which) const {
    return slot_span<E>(which);
  }
  /// The rule's scalars, and those of each span, one span after another.
  std::span<double> scalars() noexcept {
    const auto all = core_.state.scalars();
    return {all.data(), all.size()};
  }
  std::span<const double> scalars() const noexcept {
    const auto all = core_.state.scalars();
    return {all.data(), all.size()};
  }
  std::span<double> span_scalars() {
    core_.check_alive(name, "span_scalars");
    const auto all = core_.state.span_scalars();
    return {all.data(), all.size()};
  }
  std::span<const double> span_scalars() const {
    return const_cast<Optimizer*>(this)->span_scalars();
  }

  /// The same with another schedule or rule, state and step kept. Refuses a rule with other slots.
  template <ScheduleArgument S2>
  auto with_schedule(S2 s) const {
    return with(std::move(s), rule());
  }
  template <class R2>
    requires Rule<R2, T> && SameState<R, R2, T> && (MatrixRule<R2, T> == MatrixRule<R, T>)
  Optimizer<S, R2, P> with_rule(R2 r) const {
    const auto now = slots_of(rule()), then = slots_of(r);
    for (std::size_t j = 0; j < now.size(); ++j)
      if (now[j].name != then[j].name)
        refuse({name, "with_rule", "must have the slots of the rule it replaces",
                static_cast<double>(j)});
    if constexpr (for_matrices) core_.matrices.check_rule(name, rule(), r);
    return with(schedule(), std::move(r));
  }

  /// The parts and the phases of a step, for the rest of the library: groups run the phases,
  /// `gather` replaces the state. Not for users.
  detail::Core<S, R, P>& core() noexcept { return core_; }
  const detail::Core<S, R, P>& core() const noexcept { return core_; }

  // The sentences for arguments that no call above takes.
  template <class Params>
    requires(!SpanArgument<Params, P> && !std::convertible_to<Params, std::size_t>)
  Optimizer(std::type_identity_t<S> s, R r, Params&&, NonFinite = {})  // not for deduction
      : core_{std::move(s), std::move(r)} {
    detail::explain<void, detail::AsParams<P, Params>>();
  }
  template <class = void>
  Optimizer(std::type_identity_t<S> s, R r, detail::ParamsInBraces<P>, NonFinite = {})
      : core_{std::move(s), std::move(r)} {}
  template <class Params, class Grads, class E = Seq>
    requires(!(SpanArgument<Params, P> && GradientsFor<Grads, T>))
  StepResult step(Params&&, const Grads&, const StepOptions& = {}, const E& = {}) {
    return detail::explain<StepResult, detail::AsBoth<P, Params, Grads>>();
  }
  template <class Call = void>
  StepResult step(detail::ParamsInBraces<P>, detail::GradsInBraces<P>, const StepOptions& = {}) {
    return detail::explain_braces<StepResult, Call>();
  }

 private:
  template <class Params>
  void make_state(Params&& params) {
    refuse_if(fault_of<T>(core_.schedule));
    refuse_if(fault_of<T>(core_.rule));
    refuse_if(detail::check_choice(name, "non_finite", core_.policy));
    static_cast<void>(simd::current());  // a bad GRADUS_ISA is refused here, not in a step
    core_.state = core_.state.of(name, params);
    if constexpr (for_matrices) core_.matrices.make(name, core_.rule, params, core_.state.views());
    core_.state.start(name, core_.rule);
  }
  template <class S2, class R2>
  Optimizer<S2, R2, P> with(S2 s, R2 r) const {
    core_.check_alive(name, "with");
    Optimizer<S2, R2, P> o(std::move(s), std::move(r), std::size_t{0}, core_.policy);
    o.core().state = core_.state;
    o.core().matrices = core_.matrices;
    o.core().t = core_.t;
    return o;
  }
  [[noreturn]] GRADUS_COLD static void refuse_type(std::size_t j) {
    refuse({name, "slot", "must be asked for as what it is stored as: slot<E>(j)",
            static_cast<double>(j)});
  }
  template <class E, class Which>
  std::span<E> slot_span(const Which& which) const {
    core_.check_alive(name, "slot");
    if constexpr (for_matrices && !std::integral<Which>) {
      const std::size_t i = core_.matrices.slot_index(which);
      if (i < core_.matrices.slot_count()) {
        if constexpr (!std::same_as<E, T>)
          refuse_type(slots() + i);
        else
          return core_.matrices.slot(i);
      }
    }
    const std::size_t j = detail::slot_index(rule(), which, core_.matrices);
    E* const data = core_.state.template slot<E>(j);
    if (data == nullptr) refuse_type(j);
    return {data, stored_count<E>(size())};
  }

  detail::Core<S, R, P> core_;
};

template <class S, class R, std::integral N, std::same_as<NonFinite>... Policy>
Optimizer(S, R, N, Policy...) -> Optimizer<S, R, float>;
template <class S, class R, class P, std::same_as<NonFinite>... Policy>
  requires(!std::convertible_to<P, std::size_t>)
Optimizer(S, R, P&&, Policy...) -> Optimizer<S, R, detail::number_t<P>>;
template <class S, class R, class X, std::same_as<NonFinite>... Policy>
Optimizer(S, R, std::initializer_list<X>, Policy...) -> Optimizer<S, R, detail::number_t<X>>;
template <class S, class R, std::same_as<NonFinite>... Policy>
Optimizer(S, R, detail::ParamsInBraces<float>, Policy...) -> Optimizer<S, R, float>;

}}  // namespace gradus::GRADUS_ABI
