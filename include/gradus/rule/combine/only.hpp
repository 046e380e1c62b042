#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include <gradus/concept/stage.hpp>
#include <gradus/rule/combine/around.hpp>

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
  constexpr Predicate& operator=(const Predicate& o) noexcept {
    std::construct_at(&f, o.f);
    return *this;
  }
};

template <class K, class F>
struct OnlyKernel {
  K inner;
  Predicate<F> takes;
  bool on = true;

  template <class V, std::size_t N>
    requires requires(const K& k, const V& p, std::array<V, N>& s) { k.gradient(p, p, s); }
  GRADUS_KERNEL V gradient(const V& p, const V& g, std::array<V, N>& s) const {
    return on ? inner.gradient(p, g, s) : g;
  }
  template <class V, std::size_t N>
    requires requires(const K& k, V& p, std::array<V, N>& s) { k.step(p, p, p, s); }
  GRADUS_KERNEL V step(V& p, const V& g, const V& step, std::array<V, N>& s) const {
    return on ? inner.step(p, g, step, s) : step;
  }
  template <class M>
  constexpr OnlyKernel for_span(std::span<double> scalars, const M& measure) const {
    OnlyKernel r = *this;
    r.on = takes.f(measure.span);
    if constexpr (HasForSpan<K>)
      if (r.on) r.inner = inner.for_span(scalars, measure);
    return r;
  }
  GRADUS_KERNEL constexpr OnlyKernel at_element(std::uint64_t i) const
    requires HasAtElement<K>
  {
    return {inner.at_element(i), takes, on};
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
struct Only : detail::Around<R> {
  static_assert(Stage<R>,
                "gradus::Only takes a stage, not a rule or a chain, and stands in a chain: "
                "Chain{rule, Only{stage, predicate}}");
  F takes;

  constexpr Only(R stage, F f) : detail::Around<R>(std::move(stage)), takes(std::move(f)) {}
  constexpr Only<detail::now_t<R>, F> at(step_t t) const
    requires HasAt<R>
  {
    return {this->rule.at(t), takes};
  }
  template <Real T, class... More>
  constexpr auto prepare(const Context& c, const More&... more) const
    requires requires(const R& r) { r.template prepare<T>(c, more...); }
  {
    const auto inner = this->rule.template prepare<T>(c, more...);
    return detail::OnlyKernel<std::remove_const_t<decltype(inner)>, F>{inner,
                                                                       detail::Predicate<F>(takes)};
  }
  constexpr bool operator==(const Only& o) const
    requires std::equality_comparable<F>
  {
    return detail::Around<R>::operator==(o) && takes == o.takes;
  }
};
template <class R, class F>
Only(R, F) -> Only<R, F>;

}}  // namespace gradus::GRADUS_ABI
