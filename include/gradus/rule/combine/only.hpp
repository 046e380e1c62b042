#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include <gradus/concept/stage.hpp>
#include <gradus/rule/combine/around.hpp>
#include <gradus/rule/combine/nesting.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
/// A predicate that can be assigned, as lambdas that capture cannot.
template <class F>
struct Predicate {
  static_assert(std::is_trivially_copyable_v<F>,
                "gradus::Only: the predicate must be trivially copyable: capture a reference or a "
                "span, not a container");
  F f;
  constexpr explicit Predicate(F x) : f(std::move(x)) {}
  constexpr Predicate(const Predicate&) = default;
  Predicate& operator=(const Predicate& o) noexcept {
    ::new (&f) F(o.f);
    return *this;
  }
};

/// A stage's kernel that does nothing in the spans for which the predicate says no.
template <class K, class F>
struct OnlyKernel : KernelAround<OnlyKernel<K, F>, K> {
  Predicate<F> takes;
  bool on = true;

  GRADUS_KERNEL constexpr OnlyKernel with(const K& kernel) const { return {{kernel}, takes, on}; }
  template <class V, std::size_t N>
    requires GradientKernel<K, typename V::value_type, N>
  GRADUS_KERNEL V gradient(const V& p, const V& g, std::array<V, N>& s) const {
    return on ? this->inner.gradient(p, g, s) : g;
  }
  template <class V, std::size_t N>
    requires StepKernel<K, typename V::value_type, N>
  GRADUS_KERNEL V step(V& p, const V& g, const V& step, std::array<V, N>& s) const {
    return on ? this->inner.step(p, g, step, s) : step;
  }
  template <class M>
  constexpr OnlyKernel for_span(std::span<double> scalars, const M& measure) const {
    if (!takes.f(measure.span)) return {{this->inner}, takes, false};
    if constexpr (HasForSpan<K>) {
      return {{this->inner.for_span(scalars, measure)}, takes, true};
    } else {
      return {{this->inner}, takes, true};
    }
  }
};
}  // namespace detail

/// A stage for some of the spans: decay for the weights and none for biases and norms.
///
///   Chain{Adam{}, Only{WeightDecay{0.01}, [](std::size_t span) { return span % 2 == 0; }}}
///
/// The spans are numbered as in the call, from 0. The predicate is asked once for each span and
/// step. Where it says no, the stage does nothing, and its slots stay as they are.
///
/// Domain: the stage's; a predicate that is trivially copyable, always says the same, and does not
///   throw.
/// Units: the stage's.
/// State: the stage's, for all spans.
/// Traffic: the stage's.
/// Init: the stage's.
/// Cost: the stage's; spans are swept one by one.
/// Errors: the stage's fault; at compile time, a norm over all spans (`ClipNorm`) after it, which
///   would have to see each span by itself, slots in blocks of 8 bits, and a rule or a chain in
///   place of a stage.
/// Source: optax' masked has the idea.
/// Differs: PyTorch wants a parameter group for this.
template <class R, std::predicate<std::size_t> F>
struct Only : detail::Around<Only<R, F>, R> {
  static_assert(Stage<R>,
                "gradus::Only takes a stage, not a rule or a chain, and stands in a chain: "
                "Chain{rule, Only{stage, predicate}}");
  F takes;

  constexpr Only(R stage, F f) : detail::Around<Only, R>(std::move(stage)), takes(std::move(f)) {}
  template <class R2>
  constexpr Only<R2, F> with(R2 other) const {
    return {std::move(other), takes};
  }
  template <class K>
  constexpr auto around(const K& kernel, const Context&) const {
    return detail::OnlyKernel<K, F>{{kernel}, detail::Predicate<F>(takes)};
  }
  constexpr bool operator==(const Only& o) const
    requires std::equality_comparable<F>
  {
    return detail::Around<Only, R>::operator==(o) && takes == o.takes;
  }
};
template <class R, class F>
Only(R, F) -> Only<R, F>;

}}  // namespace gradus::GRADUS_ABI
