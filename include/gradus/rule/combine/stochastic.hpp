#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <gradus/concept/stage.hpp>
#include <gradus/math/random_bits.hpp>
#include <gradus/rule/combine/around.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
/// A kernel, and the keys by which the sweep rounds what it stores: parameters, then slots.
template <class K, std::size_t N>
struct StochasticKernel {
  K inner;
  std::array<RandomKey, N + 1> keys;

  template <class V>
  GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, N>& s) const {
    return inner(p, g, s);
  }
  template <class M>
  constexpr StochasticKernel for_span(std::span<double> scalars, const M& measure) const
    requires HasForSpan<K>
  {
    return {inner.for_span(scalars, measure), keys};
  }
  GRADUS_KERNEL constexpr StochasticKernel at_element(std::uint64_t i) const
    requires HasAtElement<K>
  {
    return {inner.at_element(i), keys};
  }
};
}  // namespace detail

/// A rule, or a whole chain, whose parameters and slots of type bfloat16 are rounded at random: up
/// with the probability of what is cut off, so that small steps arrive on average.
///
/// Domain: the rule's; any seed.
/// Units: the rule's.
/// State: the rule's; the draws are functions of seed, step and element, and need none.
/// Traffic: the rule's.
/// Init: the rule's.
/// Cost: the rule's, and some 20 integer operations an element and stream.
/// Errors: the rule's fault; at compile time, a second one inside, or anything around it: the order
///   is `Stochastic{Master{Chain{...}}}`.
/// Source: S. Gupta et al., Deep learning with limited numerical precision, 2015.
/// Differs: PyTorch extensions draw from a generator with a state; here a resumed, cut or threaded
///   run draws the same.
template <class R>
struct Stochastic : detail::Around<R> {
  static_assert(Rule<R>, "gradus::Stochastic takes a rule or a chain, not a stage");
  static_assert(RoundsNoParams<R>,
                "gradus::Stochastic stands once, outside of all else: Stochastic{Master{rule}}");
  static constexpr bool stores_params = true;
  static constexpr bool rounds_params = true;
  std::uint64_t seed;

  constexpr explicit Stochastic(R r, std::uint64_t s = 0)
      : detail::Around<R>(std::move(r)), seed(s) {}
  constexpr Stochastic<detail::now_t<R>> at(step_t t) const
    requires HasAt<R>
  {
    return Stochastic<detail::now_t<R>>(this->rule.at(t), seed);
  }
  template <Real T, class... More>
  constexpr auto prepare(const Context& c, const More&... more) const
    requires requires(const R& r) { r.template prepare<T>(c, more...); }
  {
    constexpr std::size_t N = slot_count<R>;
    const auto inner = this->rule.template prepare<T>(c, more...);
    detail::StochasticKernel<std::remove_const_t<decltype(inner)>, N> k{inner, {}};
    for (std::size_t j = 0; j <= N; ++j) k.keys[j] = RandomKey(seed, c.t, j);
    return k;
  }
  constexpr bool operator==(const Stochastic&) const = default;
};
template <class R>
Stochastic(R, std::uint64_t = 0) -> Stochastic<R>;

}}  // namespace gradus::GRADUS_ABI
