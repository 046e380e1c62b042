// The primitive: one update with everything owned by the caller.
#pragma once

#include <array>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/exec/apply.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/spans.hpp>

namespace gradus::inline GRADUS_ABI {

namespace detail {

/// Refuses a rate that is no rate: NaN, infinite or negative, or too large for T.
template <class T>
inline void check_rate(const char* who, const double& rate) {
  if (!math::is_finite(rate) || rate < 0 || !math::is_finite(static_cast<T>(rate)))
    refuse_if(
        {who, "rate", "must be finite, >= 0 and representable in the parameters' type", rate});
}

}  // namespace detail

/// Gives the caller's slots their start values. `slots`: one span for each slot of the rule, each
/// as long as `params`.
/// Errors, before anything is written: a field out of range; sizes that differ; spans that overlap,
/// are null or misaligned. Cost: one write of each slot.
template <class R, class P, class... Slots>
  requires(sizeof...(Slots) == slot_count<R>)
inline void start(const R& rule, const P& params, Slots&&... slots) {
  using T = detail::value_t<const P>;
  const std::span<const T> p(params);
  refuse_if(fault_of<T>(rule));
  detail::check_span<const T>("start", "params", 0, p, p.size());
  if constexpr (sizeof...(Slots) > 0) {
    const std::array<std::span<T>, sizeof...(Slots)> to{std::span<T>(slots)...};
    std::array<detail::Stretch, sizeof...(Slots) + 1> stretches;
    stretches[to.size()] = detail::Stretch::of("params", 0, p);
    for (std::size_t j = 0; j < to.size(); ++j) {
      detail::check_span<T>("start", "slots", j, to[j], p.size());
      stretches[j] = detail::Stretch::of("slots", j, to[j]);
    }
    detail::check_overlap("start", stretches);
    for (std::size_t j = 0; j < to.size(); ++j)
      detail::start_slot(rule.slots()[j], to[j], p.data());
  }
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
           slot_count<R> + (HasScalars<R> ? 1 : 0) + (HasSpanScalars<R> ? 1 : 0))
inline void update(const R& rule, const Context& context, P&& params, const G& grads,
                   State&&... state) {
  using T = detail::value_t<P>;
  static_assert(Rule<R, T>,
                "gradus::update: the first argument is not a Rule for the parameters' type");
  constexpr std::size_t N = slot_count<R>;
  const auto rest = std::forward_as_tuple(state...);
  const std::span<T> p(params);
  const std::span<const T> g(grads);
  detail::check_rate<T>("update", context.rate);
  if constexpr (HasAt<R>) refuse_if(fault_of<T>(rule));  // its schedules, too
  const auto& now = rule_at(rule, context.t);
  refuse_if(fault_of<T>(now));
  detail::check_span<T>("update", "params", 0, p, p.size());
  detail::check_span<const T>("update", "grads", 0, g, p.size());

  const exec::View<T> view{p.data(), g.data(), p.size()};
  exec::Job<T, N> job{};
  job.views = {&view, 1};
  job.isa = simd::current();
  std::array<detail::Stretch, N + 4> stretches;
  stretches[N] = detail::Stretch::of("params", 0, p);
  stretches[N + 1] = detail::Stretch::of("grads", 0, g);
  [&]<std::size_t... J>(std::index_sequence<J...>) {
    [[maybe_unused]] const auto slot = [&](std::size_t j, std::span<T> s) {
      detail::check_span<T>("update", "slots", j, s, p.size());
      stretches[j] = detail::Stretch::of("slots", j, s);
      job.slots[j] = s.data();
    };
    (slot(J, std::span<T>(std::get<J>(rest))), ...);
  }(std::make_index_sequence<N>{});
  if constexpr (HasScalars<R>) job.scalars = std::span<double>(std::get<N>(rest));
  if constexpr (HasSpanScalars<R>)
    job.span_scalars = std::span<double>(std::get<sizeof...(State) - 1>(rest));
  if (job.scalars.size() != scalar_count<R>)
    detail::refuse_sizes("update", "scalars", 0, "must have as many elements as the rule has,",
                         scalar_count<R>, job.scalars.size());
  if (job.span_scalars.size() != span_scalar_count<R>)
    detail::refuse_sizes("update", "span_scalars", 0, "must have as many elements as the rule has,",
                         span_scalar_count<R>, job.span_scalars.size());
  detail::check_span<double>("update", "scalars", 0, job.scalars, scalar_count<R>);
  detail::check_span<double>("update", "span_scalars", 0, job.span_scalars, span_scalar_count<R>);
  stretches[N + 2] = detail::Stretch::of("scalars", 0, job.scalars);
  stretches[N + 3] = detail::Stretch::of("span_scalars", 0, job.span_scalars);
  detail::check_overlap("update", stretches);
  exec::apply<T>(now, context, job, seq);
}

}  // namespace gradus::inline GRADUS_ABI
