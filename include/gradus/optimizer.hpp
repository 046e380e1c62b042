// The optimizer: a schedule, a rule, their state, and the one step counter.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/slot_index.hpp>
#include <gradus/memory/state.hpp>
#include <gradus/optimizer/inside.hpp>
#include <gradus/step/result.hpp>
#include <gradus/update.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule and a rule composed, with the state they need, for parameters of type P: float,
/// double, bfloat16 or float16 (the arithmetic on halves is in float).
///
/// `step(params, grads)` makes one update: rate = schedule(t), then params -= rule's step, in one
/// fused sweep, then t + 1. Shapes: `params` and `grads` are one span each or a list of spans, of
/// the sizes the optimizer was made for. A copy is an independent continuation. Not safe for
/// concurrent calls on one object.
/// Errors: `std::invalid_argument` with one sentence; whatever was refused has changed nothing.
/// Cost: one allocation at construction, none in `step`; bytes moved as the rule's `Traffic` says.
template <Schedule S, class R, Element P = float>
  requires Rule<R, arithmetic_t<P>>
class Optimizer {
  using T = arithmetic_t<P>;

 public:
  using value_type = P;
  /// What the first slot is stored as, and mostly every one.
  using slot_type = detail::first_t<slot_types_t<R, T>, T>;

  /// For one span of `n` parameters. Errors: a rule with a slot that starts as a copy of them.
  Optimizer(S s, R r, std::size_t n, NonFinite policy = NonFinite::propagate)
      : schedule_(std::move(s)), rule_(std::move(r)), policy_(policy) {
    check();
    state_ = State(1, n, 0);
    state_.place(n);
    state_.start(rule_);
  }
  /// For these parameters: one span, or a list of spans.
  template <SpanArgument<P> Params>
  Optimizer(S s, R r, Params&& params, NonFinite policy = NonFinite::propagate)
      : schedule_(std::move(s)), rule_(std::move(r)), policy_(policy) {
    check();
    const detail::Extent all = detail::extent_of<P>(params);
    state_ = State(all.spans, all.elements, all.begin);
    state_.place(params);
    state_.start(rule_);
  }
  template <class Params>
    requires(!SpanArgument<Params, P> && !std::convertible_to<Params, std::size_t>)
  Optimizer(std::type_identity_t<S> s, R r, Params&&, NonFinite = {})  // not for deduction
      : schedule_(std::move(s)), rule_(std::move(r)) {
    detail::explain<void, detail::AsParams<P, Params>>();
  }

  /// Makes one update; `run` shares it out (any executor: the bits are the same).
  template <SpanArgument<P> Params, GradientsFor<T> Grads, Executor E = Seq>
  StepResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                  const E& run = {}) {
    using G = detail::value_t<const Grads>;
    alive("step");
    state_.template take<G>(params, grads);
    return detail::Inside::step<G>(*this, options, run);
  }
  StepResult step(std::initializer_list<std::span<P>> params,
                  std::initializer_list<std::span<const P>> grads,
                  const StepOptions& options = {}) {
    alive("step");
    state_.template take<P>(params, grads);
    return detail::Inside::step<P>(*this, options, seq);
  }
  template <class Params, class Grads, class E = Seq>
    requires(!(SpanArgument<Params, P> && GradientsFor<Grads, T>))
  StepResult step(Params&&, const Grads&, const StepOptions& = {}, const E& = {}) {
    return detail::explain<StepResult, detail::AsBoth<P, Params, Grads>>();
  }
  template <class X, class G>
    requires(!(SpanOf<X&, P> && SpanOf<const G&, const P>))
  StepResult step(std::initializer_list<X>, std::initializer_list<G>, const StepOptions& = {}) {
    return detail::explain<StepResult, detail::AsBoth<P, X&, G>>();
  }

  /// The rate of the next update: `schedule(steps())`, or `schedule(position)`.
  double rate(Length position = {}) const {
    return static_cast<double>(schedule_(detail::evaluated_at(t_, position)));
  }
  /// How many updates have been applied; the next one has this index.
  step_t steps() const noexcept { return t_; }
  /// Continues as update `t`: resuming a schedule is one integer. State is left as it is.
  void seek(Length t) {
    refuse_if(detail::check_step("Optimizer", "seek", t));
    t_ = t.steps();
  }

  const S& schedule() const noexcept { return schedule_; }
  const R& rule() const noexcept { return rule_; }
  std::size_t size() const noexcept { return state_.size(); }
  std::size_t spans() const noexcept { return state_.alive() ? state_.views().size() : 0; }
  std::size_t size(std::size_t span) const {
    if (span >= spans())
      refuse({"Optimizer", "size", "must be below the number of spans", static_cast<double>(span)});
    return state_.views()[span].n;
  }
  NonFinite non_finite() const noexcept { return policy_; }

  /// State, to read, save and put back: slots by number or name (one element for each parameter,
  /// spans one after another).
  static constexpr std::size_t slots() noexcept { return slot_count<R>; }
  template <Storage E = slot_type, class Which>
  std::span<E> slot(const Which& which) {
    return {slot_data<E>(which), stored_count<E>(state_.size())};
  }
  template <Storage E = slot_type, class Which>
  std::span<const E> slot(const Which& which) const {
    return {slot_data<E>(which), stored_count<E>(state_.size())};
  }
  /// The rule's scalars, and those of each span, one span after another.
  std::span<double> scalars() noexcept { return state_.scalars(); }
  std::span<const double> scalars() const noexcept { return state_.scalars(); }
  std::span<double> span_scalars() { return alive("span_scalars").span_scalars(); }
  std::span<const double> span_scalars() const { return alive("span_scalars").span_scalars(); }

  /// The same with another schedule or rule, state and step kept. Errors: a rule of other slots.
  template <ScheduleArgument S2>
  auto with_schedule(S2 s) const {
    return with(std::move(s), rule_);
  }
  template <class R2>
    requires Rule<R2, T> && SameState<R, R2, T>
  Optimizer<S, R2, P> with_rule(R2 r) const {
    const auto now = slots_of(rule_), then = slots_of(r);
    for (std::size_t j = 0; j < now.size(); ++j)
      if (now[j].name != then[j].name)
        refuse_if({"Optimizer", "with_rule", "must have the slots of the rule it replaces",
                   static_cast<double>(j)});
    return with(schedule_, std::move(r));
  }

 private:
  template <Schedule S2, class R2, Element P2>
    requires Rule<R2, arithmetic_t<P2>>
  friend class Optimizer;
  friend struct detail::Inside;
  using Slots = slot_types_t<R, T>;
  using State = detail::State<P, Slots, scalar_count<R>, span_scalar_count<R>>;

  template <class S2, class R2>
  Optimizer<S2, R2, P> with(S2 s, R2 r) const {
    alive("with");
    Optimizer<S2, R2, P> o(std::move(s), std::move(r), std::size_t{0}, policy_);
    o.state_ = state_;
    o.t_ = t_;
    return o;
  }
  void check() const {
    refuse_if(fault_of<T>(schedule_));
    refuse_if(fault_of<T>(rule_));
    refuse_if(detail::check_choice("Optimizer", "non_finite", policy_));
    static_cast<void>(simd::current());  // a bad GRADUS_ISA is refused here, not in a step
  }
  const State& alive(const char* call) const {
    if (!state_.alive()) detail::refuse_moved_from(call);
    return state_;
  }
  template <class E, class Which>
  E* slot_data(const Which& which) const {
    alive("slot");
    const std::size_t j = detail::slot_index(rule_, which);
    E* const data = state_.template slot<E>(j);
    if (data == nullptr)
      refuse({"Optimizer", "slot", "must be asked for as what it is stored as: slot<E>(j)",
              static_cast<double>(j)});
    return data;
  }

  S schedule_;
  R rule_;
  NonFinite policy_ = NonFinite::propagate;
  step_t t_ = 0;
  State state_;  // last: what can fail in a move comes before it
};

template <class S, class R, std::integral N, std::same_as<NonFinite>... Policy>
Optimizer(S, R, N, Policy...) -> Optimizer<detail::scheduled_t<S>, R, float>;
template <class S, class R, class P, std::same_as<NonFinite>... Policy>
  requires(!std::convertible_to<P, std::size_t>)
Optimizer(S, R, P&&, Policy...) -> Optimizer<detail::scheduled_t<S>, R, detail::number_t<P>>;

}}  // namespace gradus::GRADUS_ABI
