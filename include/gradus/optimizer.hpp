// The optimizer: a schedule, a rule, their state, and the one step counter.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <gradus/exec/all_finite.hpp>
#include <gradus/state.hpp>
#include <gradus/update.hpp>

namespace gradus::inline GRADUS_ABI {

/// A schedule and a rule composed, with the state they need, for parameters of type T (float or
/// double).
///
/// `step(params, grads)` makes one update: rate = schedule(t), then params -= rule's step, in one
/// fused sweep, then t + 1. Shapes: `params` and `grads` are one span each or a list of spans, of
/// the sizes the optimizer was made for. A copy is an independent continuation. Not safe for
/// concurrent calls on one object.
/// Errors: `std::invalid_argument` with one sentence; whatever was refused has changed nothing.
/// Cost: one allocation at construction, none in `step`; bytes moved as the rule's `Traffic` says.
template <Schedule S, class R, Real T = float>
  requires Rule<R, T>
class Optimizer {
 public:
  using value_type = T;

  /// For one span of `n` parameters. Errors: a rule with a slot that starts as a copy of them.
  Optimizer(S s, R r, std::size_t n, NonFinite policy = NonFinite::propagate)
      : schedule_(std::move(s)), rule_(std::move(r)), policy_(policy) {
    check();
    state_ = State(1, n, 0);
    state_.start(rule_, n);
  }
  /// For these parameters: one span, or a list of spans.
  template <SpanArgument<T> P>
  Optimizer(S s, R r, P&& params, NonFinite policy = NonFinite::propagate)
      : schedule_(std::move(s)), rule_(std::move(r)), policy_(policy) {
    check();
    const detail::Extent all = detail::extent_of<T>(params);
    state_ = State(all.spans, all.elements, all.begin);
    state_.start(rule_, params);
  }

  /// Makes one update; `run` shares it out (any executor: the bits are the same).
  template <SpanArgument<T> P, SpanArgument<const T> G, Executor E = Seq>
  StepResult step(P&& params, const G& grads, const StepOptions& options = {}, const E& run = {}) {
    alive("step");
    state_.take(params, grads);
    return go(options, run);
  }
  StepResult step(std::initializer_list<std::span<T>> params,
                  std::initializer_list<std::span<const T>> grads,
                  const StepOptions& options = {}) {
    alive("step");
    state_.take(params, grads);
    return go(options, seq);
  }

  /// The rate of the next update, `schedule(steps())`.
  double rate() const { return static_cast<double>(schedule_(t_)); }
  /// How many updates have been applied; the next one has this index.
  step_t steps() const noexcept { return t_; }
  /// Continues as update `t`: resuming a schedule is one integer. State is left as it is.
  void seek(step_t t) {
    if (t > last_step)
      refuse_if({"Optimizer", "seek", "must be a step below 2^63", static_cast<double>(t)});
    t_ = t;
  }

  const S& schedule() const noexcept { return schedule_; }
  const R& rule() const noexcept { return rule_; }
  std::size_t size() const noexcept { return state_.size(); }
  NonFinite non_finite() const noexcept { return policy_; }

  /// State, to read, save and put back: slots by number or name (one element for each parameter,
  /// spans one after another).
  static constexpr std::size_t slots() noexcept { return slot_count<R>; }
  std::span<T> slot(std::size_t j) { return {slot_data(j), state_.size()}; }
  std::span<const T> slot(std::size_t j) const { return {slot_data(j), state_.size()}; }
  std::span<T> slot(std::string_view name) { return slot(slot_index(name)); }
  std::span<const T> slot(std::string_view name) const { return slot(slot_index(name)); }
  /// The rule's scalars, and those of each span, one span after another.
  std::span<double> scalars() noexcept { return state_.scalars(); }
  std::span<const double> scalars() const noexcept { return state_.scalars(); }
  std::span<double> span_scalars() { return alive("span_scalars").span_scalars(); }
  std::span<const double> span_scalars() const { return alive("span_scalars").span_scalars(); }

  /// The same with another schedule or rule, state and step kept. Errors: a rule of other slots.
  template <Schedule S2>
  Optimizer<S2, R, T> with_schedule(S2 s) const {
    return with(std::move(s), rule_);
  }
  template <class R2>
    requires Rule<R2, T> && SameStateCounts<R, R2>
  Optimizer<S, R2, T> with_rule(R2 r) const {
    const auto now = slots_of(rule_), then = slots_of(r);
    for (std::size_t j = 0; j < now.size(); ++j)
      if (now[j].name != then[j].name)
        refuse_if({"Optimizer", "with_rule", "must have the slots of the rule it replaces",
                   static_cast<double>(j)});
    return with(schedule_, std::move(r));
  }

 private:
  template <Schedule S2, class R2, Real T2>
    requires Rule<R2, T2>
  friend class Optimizer;
  using State = detail::State<T, slot_count<R>, scalar_count<R>, span_scalar_count<R>>;

  // This state and step under another schedule and rule.
  template <class S2, class R2>
  Optimizer<S2, R2, T> with(S2 s, R2 r) const {
    alive("with");
    Optimizer<S2, R2, T> o(std::move(s), std::move(r), std::size_t{0}, policy_);
    o.state_ = state_;
    o.t_ = t_;
    return o;
  }
  void check() const {
    refuse_if(fault_of<T>(schedule_));
    refuse_if(fault_of<T>(rule_));
    static_cast<void>(simd::current());  // a bad GRADUS_ISA is refused here, not in a step
  }
  const State& alive(const char* call) const {
    if (!state_.alive()) detail::refuse_moved_from(call);
    return state_;
  }
  T* slot_data(std::size_t j) const {
    alive("slot");
    if (j >= slot_count<R>)
      refuse({"Optimizer", "slot", "must be below the number of slots", static_cast<double>(j)});
    return state_.slots()[j];
  }
  std::size_t slot_index(std::string_view name) const {
    std::size_t j = 0;
    for (const Slot& slot : slots_of(rule_)) {
      if (slot.name.view() == name) return j;
      ++j;
    }
    detail::refuse_slot(name);
  }

  template <class E>
  StepResult go(const StepOptions& options, const E& run) {
    if (t_ >= last_step)
      refuse_if({"Optimizer", "step", "must be counted below 2^63 - 1", static_cast<double>(t_)});
    const double base = rate();
    if (!math::is_finite(base) || base < 0)
      refuse_if({"Optimizer", "schedule", "must return a finite rate >= 0", base});
    if (!math::is_finite(options.factor) || options.factor < 0)
      refuse_if({"StepOptions", "factor", "must be finite and >= 0", options.factor});
    const T scale = static_cast<T>(options.scale);
    if (!math::is_finite(scale) || (scale == 0 && options.scale != 0))
      refuse_if(
          {"StepOptions", "scale", "must be representable in the parameters' type", options.scale});
    const Context context{t_, base * options.factor};
    detail::check_rate<T>("Optimizer", context.rate);
    const auto& now = rule_at(rule_, t_);
    if constexpr (HasAt<R>) refuse_if(fault_of<T>(now));  // what varies is checked anew
    return apply(now, context, scale, run);
  }

  template <class Now, class E>
  StepResult apply(const Now& rule, const Context& context, T scale, const E& run) {
    const simd::Isa isa = simd::current();
    if (policy_ != NonFinite::propagate) {
      const std::span<const exec::View<T>> views = state_.views();
      const std::size_t bad = exec::first_non_finite(views, isa, scale);
      if (bad < views.size() && policy_ == NonFinite::skip) return {context.t, context.rate, false};
      if (bad < views.size()) detail::refuse_non_finite(views[bad], bad, scale);
    }
    exec::apply<T>(rule, context,
                   exec::Job<T, slot_count<R>>{state_.views(), state_.slots(), state_.scalars(),
                                               state_.span_scalars(), scale, isa},
                   run);
    ++t_;
    return {context.t, context.rate, true};
  }

  S schedule_;
  R rule_;
  NonFinite policy_ = NonFinite::propagate;
  step_t t_ = 0;
  State state_;  // last: what can fail in a move comes before it
};

template <class S, class R, std::integral N, std::same_as<NonFinite>... Policy>
Optimizer(S, R, N, Policy...) -> Optimizer<S, R, float>;
template <class S, class R, class P, std::same_as<NonFinite>... Policy>
Optimizer(S, R, P&&, Policy...) -> Optimizer<S, R, detail::value_t<P>>;

}  // namespace gradus::inline GRADUS_ABI
