#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/math/random_bits.hpp>
#include <gradus/rule/combine/around.hpp>
#include <gradus/rule/combine/nesting.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
/// A kernel that also has the keys by which the sweep rounds what it stores.
template <class K, std::size_t N>
struct StochasticKernel : KernelAround<StochasticKernel<K, N>, K> {
  std::array<RandomKey, N + 1> keys;

  GRADUS_KERNEL constexpr StochasticKernel with(const K& kernel) const { return {{kernel}, keys}; }
  GRADUS_KERNEL constexpr RandomKey key(std::size_t j) const { return keys[j]; }
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
struct Stochastic : detail::Around<Stochastic<R>, R> {
  static_assert(Rule<R>, "gradus::Stochastic takes a rule or a chain, not a stage");
  static_assert(RoundsNoParams<R>,
                "gradus::Stochastic stands once, outside of all else: Stochastic{Master{rule}}");
  std::uint64_t seed;

  constexpr explicit Stochastic(R r, std::uint64_t s = 0)
      : detail::Around<Stochastic, R>(std::move(r)), seed(s) {}
  template <class R2>
  constexpr Stochastic<R2> with(R2 other) const {
    return Stochastic<R2>(std::move(other), seed);
  }
  template <class K>
  constexpr auto around(const K& kernel, const Context& c) const {
    detail::StochasticKernel<K, slot_count<R>> r{{kernel}, {}};
    for (std::size_t j = 0; j < r.keys.size(); ++j) r.keys[j] = RandomKey(seed, c.t, j);
    return r;
  }
  constexpr bool operator==(const Stochastic&) const = default;
};
template <class R>
Stochastic(R, std::uint64_t = 0) -> Stochastic<R>;

}}  // namespace gradus::GRADUS_ABI
