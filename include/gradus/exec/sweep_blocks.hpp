// The update where slots are stored in blocks: 64 codes of 8 bits that share an exponent.
//
// A block's exponent follows from its largest element, which is known only when the whole block is
// computed. So the sweep goes from block to block: it decodes one, computes it, keeps the results
// in a buffer, and encodes them while it computes the next one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

#include <gradus/concept/kernel.hpp>
#include <gradus/exec/access.hpp>
#include <gradus/exec/streams.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

inline constexpr std::size_t block_size = gradus::detail::Block8::size;
template <class V>
inline constexpr std::size_t packs_in_block = block_size / V::size;

/// A slot as the update of one block after another uses it; `i` counts elements within the block.
/// This one is for slots of plain numbers, which are read and written at once.
template <class I, class V, class S>
struct BlockwiseSlot {
  S* slot;
  std::uint64_t before;              // the elements before the first, which others have
  std::size_t first = 0, count = 0;  // of the block's elements; fewer than 64 at the end of all

  GRADUS_KERNEL BlockwiseSlot(S* s, std::uint64_t b, V (&)[2][packs_in_block<V>])
      : slot(s), before(b) {}
  GRADUS_KERNEL void begin_block(std::size_t at, std::size_t m) { first = at, count = m; }
  GRADUS_KERNEL V get(std::size_t i) const {
    return exec::get<V>(slot, first + i, i < count ? count - i : 0);
  }
  /// Takes the new values of a pack; j is the number of the slot's stream.
  template <class K>
  GRADUS_KERNEL void set(const V& v, std::size_t i, const K& k, std::size_t j) const {
    if (count >= i + V::size) {
      put(v, slot + first + i, before + first + i, k, j);
    } else if (count > i) {
      put_part(v, slot + first + i, count - i, before + first + i, k, j);
    }
  }
  GRADUS_KERNEL void write_previous(std::size_t) const {}
  GRADUS_KERNEL void end_block(std::uint32_t) const {}
};

/// The same for slots in blocks. New values wait in a buffer until the block's largest is known.
/// They are encoded while the next block is computed, which hides the latency of roots, divisions
/// and of the maximum.
template <class I, class V, Blocked S>
struct BlockwiseSlot<I, V, S> {
  S* slot;
  S *current = nullptr, *previous = nullptr;
  V *current_values, *previous_values;  // the buffers of these two blocks
  V current_origin{0.0F}, previous_origin{0.0F};
  V largest{0.0F};  // of the current block's new values so far
  simd::Dither<I> dither{0};

  GRADUS_KERNEL BlockwiseSlot(S* s, std::uint64_t, V (&buffers)[2][packs_in_block<V>])
      : slot(s), current_values(buffers[0]), previous_values(buffers[1]) {}
  GRADUS_KERNEL void begin_block(std::size_t at, std::size_t) {
    current = slot + at / S::size;
    current_origin = V(current->origin());
    largest = V(0.0F);
  }
  GRADUS_KERNEL V get(std::size_t i) const {
    return V::template load_codes<S>(current->codes + i, current_origin);
  }
  template <class K>
  GRADUS_KERNEL void set(const V& v, std::size_t i, const K&, std::size_t) {
    current_values[i / V::size] = v;
    largest.grow(v);
  }
  /// Encodes a pack of the previous block.
  GRADUS_KERNEL void write_previous(std::size_t i) {
    previous_values[i / V::size].template store_codes<S>(previous->codes + i, previous_origin,
                                                         dither);
    dither.next();
  }
  /// Sets the exponent and makes the current block the previous one. `first_dither` is the dither
  /// of its first element.
  GRADUS_KERNEL void end_block(std::uint32_t first_dither) {
    constexpr std::uint32_t infinity = 0x7f800000U;
    const std::uint32_t bits = largest.largest();
    current->cover(bits < infinity ? bits : S::tame(reinterpret_cast<float*>(current_values)));
    previous = current;
    previous_origin = V(previous->origin());
    dither = simd::Dither<I>(first_dither);
    std::swap(current_values, previous_values);
  }
};

/// As Update, block by block: `begin` is the beginning of a block, and `end` is one, too, or the
/// end of all elements.
template <class Streams, class K>
struct UpdateBlocks;
template <Real T, Element P, Element G, Storage... S, class K>
struct UpdateBlocks<Streams<T, P, G, S...>, K> {
  static constexpr std::size_t N = sizeof...(S);

  const Streams<T, P, G, S...>& streams;
  std::size_t begin, end;
  const K& kernel;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    run<I, simd::pack<I, T>>(std::make_index_sequence<N>{});
  }

 private:
  // Slots are expanded at compile time: a run-time index would keep them in memory.
  template <class I, class V, std::size_t... J>
  GRADUS_KERNEL void run(std::index_sequence<J...>) const {
    const K k = kernel;  // a local copy: stores cannot alias it
    const V s(streams.scale);
    const std::uint64_t first = streams.first;
    V buffers[N][2][packs_in_block<V>];
    std::tuple slots{BlockwiseSlot<I, V, S>{std::get<J>(streams.slots), first, buffers[J]}...};

    // Updates the m elements from `at` on, whose parameters and gradients are at p and g.
    const auto update = [&](P* p, const G* g, std::size_t at, std::size_t m) GRADUS_LAMBDA {
      (std::get<J>(slots).begin_block(at, m), ...);
      for (std::size_t i = 0; i < block_size; i += V::size) {
        V x = V::load(p + i);
        const V y = s * V::load(g + i);
        std::array<V, N> z{std::get<J>(slots).get(i)...};
        const V step = at_element(k, first + at + i)(x, y, z);
        put(x - step, p + i, first + at + i, k, 0);
        (std::get<J>(slots).set(z[J], i, k, J + 1), ...);
        if (at != begin) (std::get<J>(slots).write_previous(i), ...);
      }
      (std::get<J>(slots).end_block(gradus::detail::dither(streams.t, J, first + at)), ...);
    };

    std::size_t j = view_of(streams.views, begin);
    for (std::size_t at = begin; at < end; at += block_size) {
      while (ends_before(streams.views[j], at)) ++j;
      const View& view = streams.views[j];
      const std::size_t from = at - view.begin;
      if (view.n - from >= block_size) {
        update(streams.p(view) + from, streams.g(view) + from, at, block_size);
        continue;
      }
      // The block lies in several spans, or is the last: it is gathered, padded with zeros.
      alignas(64) P p[block_size] = {};
      alignas(64) G g[block_size] = {};
      const std::size_t m = end - at < block_size ? end - at : block_size;
      for_each(j, at, m, [&](std::size_t i, P& x, const G& y) { p[i] = x, g[i] = y; });
      update(p, g, at, m);
      for_each(j, at, m, [&](std::size_t i, P& x, const G&) { x = p[i]; });
    }
    for (std::size_t i = 0; i < block_size; i += V::size)
      (std::get<J>(slots).write_previous(i), ...);
  }

  static bool ends_before(const View& view, std::size_t element) noexcept {
    return view.begin + view.n <= element;
  }
  // f(i, parameter, gradient) for element at + i and each i < m; the first is in view j.
  template <class F>
  void for_each(std::size_t j, std::size_t at, std::size_t m, const F& f) const {
    for (std::size_t i = 0; i < m; ++i) {
      while (ends_before(streams.views[j], at + i)) ++j;
      const View& view = streams.views[j];
      f(i, streams.p(view)[at + i - view.begin], streams.g(view)[at + i - view.begin]);
    }
  }
};

}}}  // namespace gradus::GRADUS_ABI::exec
