// What a kernel is: the arithmetic of a rule or stage on packs of elements.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <gradus/simd/pack.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A product to be summed over all elements by a measuring pass: Product{g, g} gives the squared
/// norm of the gradients.
template <class V>
struct Product {
  V a, b;
};

// What the concepts are tried with: a pack of width 1, and a measure that measures nothing.
template <class T>
using probe_pack = simd::pack<simd::scalar, T>;
struct ProbeMeasure {
  static constexpr std::size_t span = 0;
  template <class Terms>
  constexpr std::array<double, Terms::count> operator()(const Terms&) const {
    return {};
  }
};

/// `V step = kernel(p, g, slots)` for any pack V: the step, to be subtracted from p. A kernel that
/// takes p by `V&` may move it first.
template <class K, class T, std::size_t N>
concept Kernel = std::copyable<K> && requires(const K& k, probe_pack<T>& p, const probe_pack<T>& g,
                                              std::array<probe_pack<T>, N>& s) {
  { k(p, g, s) } -> std::same_as<probe_pack<T>>;
};

/// Optional in a kernel: `for_span(scalars, measure)` gives the kernel for one span, from sums over
/// that span alone and the span's own scalars.
template <class K>
concept HasForSpan =
    requires(const K& k, std::span<double> s, const ProbeMeasure& m) { k.for_span(s, m); };

/// Optional in a kernel, and in the terms of a measure: `at_element(i)` gives the one for a pack
/// that begins with element i of all.
template <class K>
concept HasAtElement = requires(const K& k, std::uint64_t i) { k.at_element(i); };

template <class K>
GRADUS_KERNEL constexpr decltype(auto) at_element(const K& k, std::uint64_t i) {
  if constexpr (HasAtElement<K>) {
    return k.at_element(i);
  } else {
    return (k);
  }
}

}}  // namespace gradus::GRADUS_ABI
