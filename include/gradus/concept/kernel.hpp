// What a kernel is: the arithmetic of a rule or stage on packs of elements. This file lists every
// part that a kernel can have, and has the wrapper that forwards them all.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <gradus/math/random_bits.hpp>
#include <gradus/simd/pack.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Two factors whose product a measuring pass sums over all elements: Product{g, g} gives the
/// squared norm of the gradients.
template <class V>
struct Product {
  V a, b;
};

// The concepts try a kernel with packs of width 1, and with a measure whose sums are all 0.
template <class T>
using probe_pack = simd::pack<simd::scalar, T>;
struct ProbeMeasure {
  static constexpr std::size_t span = 0;
  template <class Terms>
  constexpr std::array<double, Terms::count> operator()(const Terms&) const {
    return {};
  }
};

// ---- The parts of a kernel ---------------------------------------------------------------------

/// `V step = kernel(p, g, slots)` for any pack V: the step, which the sweep subtracts from p. A
/// kernel that takes p by `V&` may move it first. The kernel of a rule has this part.
template <class K, class T, std::size_t N>
concept Kernel = std::copyable<K> && requires(const K& k, probe_pack<T>& p, const probe_pack<T>& g,
                                              std::array<probe_pack<T>, N>& s) {
  { k(p, g, s) } -> std::same_as<probe_pack<T>>;
};
/// `V g2 = kernel.gradient(p, g, slots)`: changes the gradient before the rule sees it. The kernel
/// of a gradient stage has this part.
template <class K, class T, std::size_t N>
concept GradientKernel =
    std::copyable<K> && requires(const K& k, const probe_pack<T>& p, const probe_pack<T>& g,
                                 std::array<probe_pack<T>, N>& s) {
      { k.gradient(p, g, s) } -> std::same_as<probe_pack<T>>;
    };
/// `V step2 = kernel.step(p, g, step, slots)`: changes the step that the rule wants to take; g is
/// the raw gradient. The kernel of a step stage has this part.
template <class K, class T, std::size_t N>
concept StepKernel =
    std::copyable<K> && requires(const K& k, probe_pack<T>& p, const probe_pack<T>& g,
                                 const probe_pack<T>& step, std::array<probe_pack<T>, N>& s) {
      { k.step(p, g, step, s) } -> std::same_as<probe_pack<T>>;
    };
/// `V u = kernel.direction(p, g, slots)` and `V step = kernel.apply(p, g, o, slots)`: the kernel of
/// a rule that sees whole matrices has these two in place of the call. A first sweep over a matrix
/// collects the directions u, which `kernel.for_matrix(task)` transforms to o, all together; it
/// returns the kernel of the second sweep. That one applies o, and may move p first.
template <class K, class T, std::size_t N>
concept MatrixKernel =
    std::copyable<K> && requires(const K& k, probe_pack<T>& p, const probe_pack<T>& g,
                                 const probe_pack<T>& o, std::array<probe_pack<T>, N>& s) {
      { k.direction(p, g, s) } -> std::same_as<probe_pack<T>>;
      { k.apply(p, g, o, s) } -> std::same_as<probe_pack<T>>;
    };
/// `kernel.for_span(scalars, measure)`: the kernel for one span, from sums over that span alone and
/// the span's own scalars.
template <class K>
concept HasForSpan =
    requires(const K& k, std::span<double> s, const ProbeMeasure& m) { k.for_span(s, m); };
/// `kernel.at_element(i)`: the kernel for a pack that begins with element i of all spans. The terms
/// of a measure may have this part, too.
template <class K>
concept HasAtElement = requires(const K& k, std::uint64_t i) { k.at_element(i); };
/// `kernel.key(j)`: the key by which the sweep rounds stream j at random where it stores it as
/// bfloat16. Stream 0 is the parameters, and stream j + 1 is slot j.
template <class K>
concept HasKeys = requires(const K& k) {
  { k.key(std::size_t{}) } -> std::convertible_to<RandomKey>;
};

/// Which parts a kernel has, for arithmetic in T and N slots: the list of all parts that there are.
/// A test compares it before and behind every wrapper, so that none drops a part.
struct KernelParts {
  bool call, gradient, step, for_span, at_element, keys, matrix = false;
  constexpr bool operator==(const KernelParts&) const = default;
};
template <class K, class T, std::size_t N>
inline constexpr KernelParts kernel_parts{
    Kernel<K, T, N>, GradientKernel<K, T, N>, StepKernel<K, T, N>, HasForSpan<K>, HasAtElement<K>,
    HasKeys<K>,      MatrixKernel<K, T, N>};

/// The terms of a measure: `terms(p, g, slots)` gives `static constexpr std::size_t count` products
/// to be summed.
template <class X, class T, std::size_t N>
concept MeasureTerms =
    requires(const X& terms, const probe_pack<T>& x, const std::array<probe_pack<T>, N>& s) {
      { terms(x, x, s) } -> std::same_as<std::array<Product<probe_pack<T>>, X::count>>;
    };

/// The kernel, or the terms, for a pack that begins with element i; k itself, if it has no
/// `at_element`.
template <class K>
GRADUS_KERNEL constexpr decltype(auto) at_element(const K& k, std::uint64_t i) {
  if constexpr (HasAtElement<K>) {
    return k.at_element(i);
  } else {
    return (k);
  }
}

namespace detail {

/// The kernel of one span, which has these scalars: a list that says where they are, and how many.
template <HasForSpan K, class List, class M>
constexpr auto for_span(const K& k, const List& scalars, const M& measure) noexcept {
  return k.for_span(std::span<double>(scalars.data(), scalars.size()), measure);
}

/// A kernel around another one, K, all of whose parts it forwards. `Outer` derives from this and
/// says only what it changes. It has a member `with(kernel)`, which gives the same wrapper around
/// another kernel, because `for_span` and `at_element` make a new one.
template <class Outer, class K>
struct KernelAround {
  K inner;

  template <class V, std::size_t N>
    requires Kernel<K, typename V::value_type, N>
  GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, N>& s) const {
    return inner(p, g, s);
  }
  template <class V, std::size_t N>
    requires GradientKernel<K, typename V::value_type, N>
  GRADUS_KERNEL V gradient(const V& p, const V& g, std::array<V, N>& s) const {
    return inner.gradient(p, g, s);
  }
  template <class V, std::size_t N>
    requires StepKernel<K, typename V::value_type, N>
  GRADUS_KERNEL V step(V& p, const V& g, const V& step, std::array<V, N>& s) const {
    return inner.step(p, g, step, s);
  }
  template <class V, std::size_t N>
    requires MatrixKernel<K, typename V::value_type, N>
  GRADUS_KERNEL V direction(const V& p, const V& g, std::array<V, N>& s) const {
    return inner.direction(p, g, s);
  }
  template <class V, std::size_t N>
    requires MatrixKernel<K, typename V::value_type, N>
  GRADUS_KERNEL V apply(V& p, const V& g, const V& o, std::array<V, N>& s) const {
    return inner.apply(p, g, o, s);
  }
  template <class Task>
  Outer for_matrix(const Task& task) const {
    return outer().with(inner.for_matrix(task));
  }
  template <class M>
  constexpr Outer for_span(std::span<double> scalars, const M& measure) const
    requires HasForSpan<K>
  {
    return outer().with(inner.for_span(scalars, Outer::inner_measure(measure)));
  }
  GRADUS_KERNEL constexpr Outer at_element(std::uint64_t i) const
    requires HasAtElement<K>
  {
    return outer().with(inner.at_element(i));
  }
  GRADUS_KERNEL constexpr RandomKey key(std::size_t j) const
    requires HasKeys<K>
  {
    return inner.key(j);
  }

  /// What the inner kernel is given as a measure: the same, unless `Outer` shows it other slots.
  template <class M>
  static constexpr const M& inner_measure(const M& measure) {
    return measure;
  }

 private:
  GRADUS_KERNEL constexpr const Outer& outer() const { return static_cast<const Outer&>(*this); }
};

/// Runs f on `Count` of the slots, from slot `Begin` on. They are copied out and in by constant
/// indices, so that they never leave their registers.
template <std::size_t Begin, std::size_t Count, class V, std::size_t N, class F>
GRADUS_KERNEL void with_slots(std::array<V, N>& all, const F& f) {
  [&]<std::size_t... J>(std::index_sequence<J...>) GRADUS_LAMBDA {
    std::array<V, Count> own{all[Begin + J]...};
    f(own);
    ((all[Begin + J] = own[J]), ...);
  }(std::make_index_sequence<Count>{});
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
