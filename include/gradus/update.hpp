// The primitive: one update with everything owned by the caller.
#pragma once

#include <array>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/apply.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/spans.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// Refuses a rate that is no rate: NaN, infinite or negative, or too large for T.
template <class T>
inline void check_rate(const char* who, const double& rate) {
  if (!math::is_finite(rate) || rate < 0 || !math::is_finite(static_cast<T>(rate)))
    refuse_if(
        {who, "rate", "must be finite, >= 0 and representable in the parameters' type", rate});
}

/// Refuses to do without a loss, where the rule goes by it.
template <class R>
inline void check_loss(const char* who, const double& loss) {
  if (traits<R>.needs_loss && !math::is_finite(loss))
    refuse({who, "loss", "must be given, and finite: the rule goes by it", loss});
}

/// Where the schedules of an optimizer at update t are evaluated, or a refusal.
inline step_t evaluated_at(step_t t, Length position) {
  if (!position.is_given()) return t;
  refuse_if(check_step("StepOptions", "position", position));
  return position.steps();
}

/// What gradients are multiplied by.
template <class T>
constexpr Fault check_scale(const char* who, const double& scale) noexcept {
  const T rounded = static_cast<T>(scale);
  if (!math::is_finite(rounded) || (rounded == 0 && scale != 0))
    return {who, "scale", "must be representable in the parameters' type", scale};
  return {};
}

/// Refuses what is wrong with the options of a step, whatever becomes of it.
template <class T>
inline void check_options(const StepOptions& options) {
  if (!math::is_finite(options.factor) || options.factor < 0)
    refuse({"StepOptions", "factor", "must be finite and >= 0", options.factor});
  refuse_if(check_scale<T>("StepOptions", options.scale));
}

/// The context of an optimizer's update t at the schedule's rate `base`, or a refusal of what it
/// was given.
template <class T>
inline Context context_of(step_t t, const double& base, const StepOptions& options) {
  if (t >= last_step)
    refuse({"Optimizer", "step", "must be counted below 2^63 - 1", static_cast<double>(t)});
  if (!math::is_finite(base) || base < 0)
    refuse({"Optimizer", "schedule", "must return a finite rate >= 0", base});
  check_options<T>(options);
  const Context context{t, base * options.factor, options.loss};
  check_rate<T>("Optimizer", context.rate);
  return context;
}

}  // namespace detail

/// Gives the caller's slots their start values. `slots`: one span for each slot of the rule, each
/// as long as `params`.
/// Errors, before anything is written: a field out of range; sizes that differ; spans that overlap,
/// are null or misaligned. Cost: one write of each slot.
template <class R, class P, class... Slots>
  requires(sizeof...(Slots) == slot_count<R>) && detail::Startable<P, Slots...>
inline void start(const R& rule, const P& params, Slots&&... slots) {
  using E = detail::value_t<const P>;
  const std::span<const E> p(params);
  refuse_if(fault_of<arithmetic_t<E>>(rule));
  detail::check_span<const E>("start", "params", 0, p, p.size());
  if constexpr (sizeof...(Slots) > 0) {
    std::array<detail::Region, sizeof...(Slots) + 1> regions{detail::Region::of("params", 0, p)};
    std::size_t j = 0;
    const auto check = [&]<class S>(std::span<S> slot) {
      detail::check_span<S>("start", "slots", j, slot, stored_count<S>(p.size()));
      detail::check_start<S>("start", j, rule.slots()[j]);
      regions[j + 1] = detail::Region::of("slots", j, slot);
      ++j;
    };
    (check(std::span<detail::value_t<Slots>>(slots)), ...);
    detail::check_overlap("start", regions);
    j = 0;
    (detail::start_slot(rule.slots()[j++], std::span<detail::value_t<Slots>>(slots), p.data()),
     ...);
  }
}

template <class R, class P, class... Slots>
  requires(!detail::Startable<P, Slots...>)
inline void start(const R&, const P&, Slots&&...) {
  detail::explain<void, detail::AsGrads<void, P>, detail::AsOne<P>, detail::AsSlot<Slots>...>();
}

/// One update: `params -= kernel(params, grads, slots)` by `rule` at `context`, with state owned by
/// the caller.
///
/// `params`, `grads` and one slot for each of the rule's, all of one size and of element type T
/// (float or double); then, for a rule that has them, a `std::span<double>` of its scalars and one
/// of its span scalars.
/// Errors, before anything is touched: a rate or field out of range; sizes that differ; spans that
/// overlap, are null or misaligned. Cost: `prepare`, then one sweep; never allocates.
template <class R, class P, class G, class... State>
  requires(sizeof...(State) ==
           slot_count<R> + (HasScalars<R> ? 1 : 0) + (HasSpanScalars<R> ? 1 : 0)) &&
          detail::Updatable<P, G, State...>
inline void update(const R& rule, const Context& context, P&& params, const G& grads,
                   State&&... state) {
  using E = detail::value_t<P>;
  using Grad = detail::value_t<const G>;
  using T = arithmetic_t<E>;
  static_assert(Rule<R, T>,
                "gradus::update: the first argument is not a Rule for the parameters' type");
  constexpr std::size_t N = slot_count<R>;
  const auto rest = std::forward_as_tuple(state...);
  const std::span<E> p(params);
  const std::span<const Grad> g(grads);
  detail::check_rate<T>("update", context.rate);
  detail::check_loss<R>("update", context.loss);
  if constexpr (HasAt<R>) refuse_if(fault_of<T>(rule));  // its schedules, too
  const auto& now = rule_at(rule, context.t);
  refuse_if(fault_of<T>(now));
  detail::check_span<E>("update", "params", 0, p, p.size());
  detail::check_span<const Grad>("update", "grads", 0, g, p.size());

  std::array<detail::Region, N + 4> regions;
  regions[N] = detail::Region::of("params", 0, p);
  regions[N + 1] = detail::Region::of("grads", 0, g);
  [[maybe_unused]] const auto slot = [&]<class S>(std::size_t j, std::span<S> s) {
    detail::check_span<S>("update", "slots", j, s, stored_count<S>(p.size()));
    regions[j] = detail::Region::of("slots", j, s);
    return s.data();
  };
  const auto slots = [&]<std::size_t... J>(std::index_sequence<J...>) {
    return std::tuple{slot(J, detail::as_span(std::get<J>(rest)))...};
  }(std::make_index_sequence<N>{});
  std::span<double> scalars, span_scalars;
  if constexpr (HasScalars<R>) scalars = std::span<double>(std::get<N>(rest));
  if constexpr (HasSpanScalars<R>)
    span_scalars = std::span<double>(std::get<sizeof...(State) - 1>(rest));
  if (scalars.size() != scalar_count<R>)
    detail::refuse_sizes("update", "scalars", 0, "must have as many elements as the rule has,",
                         scalar_count<R>, scalars.size());
  if (span_scalars.size() != span_scalar_count<R>)
    detail::refuse_sizes("update", "span_scalars", 0, "must have as many elements as the rule has,",
                         span_scalar_count<R>, span_scalars.size());
  detail::check_span<double>("update", "scalars", 0, scalars, scalar_count<R>);
  detail::check_span<double>("update", "span_scalars", 0, span_scalars, span_scalar_count<R>);
  regions[N + 2] = detail::Region::of("scalars", 0, scalars);
  regions[N + 3] = detail::Region::of("span_scalars", 0, span_scalars);
  detail::check_overlap("update", regions);
  const exec::View view{p.data(), g.data(), p.size()};
  const auto streams = exec::streams<E, Grad>({&view, 1}, slots, T{1}, simd::current(), context.t);
  exec::apply(now, context, streams, scalars, span_scalars, seq);
}
template <class R, class P, class G, class... State>
  requires(!detail::Updatable<P, G, State...>)
inline void update(const R&, const Context&, P&&, const G&, State&&...) {
  using E = detail::number_t<P>;
  detail::explain<void, detail::AsBoth<E, P, G>, detail::AsOne<P>, detail::AsSlot<State>...>();
}

}}  // namespace gradus::GRADUS_ABI
