// The primitive: one update with everything owned by the caller.
#pragma once

#include <array>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/apply.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/overlap.hpp>
#include <gradus/memory/start_slot.hpp>
#include <gradus/memory/views.hpp>
#include <gradus/optimizer/context.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gives the caller's slots their start values. `slots`: one span for each slot of the rule, each
/// as long as `params`.
/// Errors, before anything is written: a field out of range; sizes that differ; spans that overlap,
/// are null or misaligned. Cost: one write of each slot.
template <class R, class P, class... Slots>
  requires(sizeof...(Slots) == slot_count<R>) && detail::Startable<P, Slots...>
inline void start(const R& rule, const P& params, Slots&&... slots) {
  using E = detail::value_t<const P>;
  const auto p = detail::span_of_type<const E>(params);
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
    (check(detail::as_span(slots)), ...);
    detail::check_overlap("start", regions);
    j = 0;
    (detail::start_slot(rule.slots()[j++], detail::as_span(slots), p.data()), ...);
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
  static_assert(!MatrixRule<R, T>,
                "gradus::update: a rule for matrices needs an Optimizer, which knows their shapes");
  constexpr std::size_t N = slot_count<R>;
  constexpr const char* name = "update";

  // Check: the rate and the rule.
  detail::check_rate<T>(name, context.rate);
  detail::check_loss<R>(name, context.loss);
  refuse_if(detail::check_scale<T>(name, context.scale));
  if constexpr (HasAt<R>) refuse_if(fault_of<T>(rule));  // its schedules, too
  const auto& now = rule_at(rule, context.t);
  refuse_if(fault_of<T>(now));

  // Check: parameters and gradients, which become one view, and the state.
  const auto p = detail::span_of_type<E>(params);
  const auto g = detail::span_of_type<const Grad>(grads);
  exec::View view{p.data(), g.data(), p.size()};
  detail::check_spans<E>(name, "params", p, {&view, 1});
  detail::check_spans<const Grad>(name, "grads", g, {&view, 1});
  const auto rest = std::forward_as_tuple(state...);
  std::array<detail::Region, N + 4> regions;
  [[maybe_unused]] const auto slot = [&]<class S>(std::size_t j, std::span<S> s) {
    detail::check_span<S>(name, "slots", j, s, stored_count<S>(p.size()));
    regions[j] = detail::Region::of("slots", j, s);
    return s.data();
  };
  const auto slots = [&]<std::size_t... J>(std::index_sequence<J...>) {
    return std::tuple{slot(J, detail::as_span(std::get<J>(rest)))...};
  }(std::make_index_sequence<N>{});
  const auto numbers = [&](const char* what, std::span<double> all, std::size_t count) {
    if (all.size() != count)
      detail::refuse_item(name, what, 0, "must have as many elements as the rule has,", count,
                          all.size());
    detail::check_span<double>(name, what, 0, all, count);
    return detail::Region::of(what, 0, all);
  };
  std::span<double> scalars, span_scalars;
  if constexpr (HasScalars<R>) scalars = std::span<double>(std::get<N>(rest));
  if constexpr (HasSpanScalars<R>)
    span_scalars = std::span<double>(std::get<sizeof...(State) - 1>(rest));
  regions[N] = detail::Region::of("params", 0, p);
  regions[N + 1] = detail::Region::of("grads", 0, g);
  regions[N + 2] = numbers("scalars", scalars, scalar_count<R>);
  regions[N + 3] = numbers("span_scalars", span_scalars, span_scalar_count<R>);
  detail::check_overlap(name, regions);

  const auto streams = exec::streams<E, Grad>({&view, 1}, slots, static_cast<T>(context.scale),
                                           simd::current(), context.t);
  exec::apply(now, context, streams, scalars, span_scalars, seq);
}
template <class R, class P, class G, class... State>
  requires(!detail::Updatable<P, G, State...>)
inline void update(const R&, const Context&, P&&, const G&, State&&...) {
  using E = detail::number_t<P>;
  detail::explain<void, detail::AsBoth<E, P, G>, detail::AsOne<P>, detail::AsSlot<State>...>();
}

}}  // namespace gradus::GRADUS_ABI
