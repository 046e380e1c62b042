// The weights to evaluate: an average that a rule keeps in a slot, put where the parameters are.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>

#include <gradus/memory/explain.hpp>
#include <gradus/optimizer.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Exchanges the parameters with a slot of their optimizer, by number or name; a second call puts
/// both back, bit for bit.
///
///   exchange(opt, weights, "x");  // the average is in place: evaluate, save the weights
///   exchange(opt, weights, "x");  // back: before the next step
///
/// Domain: slots of the parameters' type.
/// Errors: before anything is touched: spans that are not as the optimizer's; no such slot; a slot
///   of another type than the parameters (halves: copy from `opt.slot<float>("x")`).
/// Cost: reads and writes both; never allocates.
template <class S, class R, class P, SpanArgument<P> Params, class Which>
void exchange(Optimizer<S, R, P>& optimizer, Params&& params, const Which& slot) {
  const std::span<P> kept = optimizer.template slot<P>(slot);
  detail::check_spans<P>("exchange", "params", params, optimizer.core().state.views());
  std::size_t at = 0;
  detail::for_each_span<P>(params, [&](std::span<P> s) {
    for (P& p : s) std::swap(p, kept[at++]);
  });
}
template <class S, class R, class P, class Params, class Which>
  requires(!SpanArgument<Params, P>)
void exchange(Optimizer<S, R, P>&, Params&&, const Which&) {
  detail::explain<void, detail::AsParams<P, Params>>();
}

}}  // namespace gradus::GRADUS_ABI
