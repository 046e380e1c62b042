// The update where slots are stored in blocks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/kernel.hpp>
#include <gradus/exec/access.hpp>
#include <gradus/exec/streams.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

template <class V>
inline constexpr std::size_t blocked_packs = gradus::detail::Block8::size / V::size;

// One slot of an update by blocks: its elements are read and written as they are ...
template <class I, class V, class S>
struct SlotAccess {
  S* slot;
  std::size_t at = 0, left = 0;

  GRADUS_KERNEL SlotAccess(S* s, V (&)[2][blocked_packs<V>]) : slot(s) {}
  GRADUS_KERNEL void open(std::size_t from, std::size_t m) { at = from, left = m; }
  GRADUS_KERNEL V get(std::size_t i) const {
    return exec::get<V>(slot, at + i, i < left ? left - i : 0);
  }
  template <class K>
  GRADUS_KERNEL void keep(const V& v, std::size_t i, const K& k, std::size_t stream) const {
    if (left >= i + V::size) {
      put(v, slot + at + i, at + i, k, stream);
    } else if (left > i) {
      put_part(v, slot + at + i, left - i, at + i, k, stream);
    }
  }
  GRADUS_KERNEL void write(std::size_t) const {}
  GRADUS_KERNEL void close(std::uint32_t) const {}
};
// ... or decoded, kept until the block's largest is known, and written while the next block is
// computed: in between lie a root, a division and the maximum of 64.
template <class I, class V, Blocked S>
struct SlotAccess<I, V, S> {
  S* slot;
  S *in = nullptr, *out = nullptr;
  V *kept, *before;
  V from{0.0F}, most{0.0F}, to{0.0F};
  simd::Dither<I> dither{0};

  GRADUS_KERNEL SlotAccess(S* s, V (&buffers)[2][blocked_packs<V>])
      : slot(s), kept(buffers[0]), before(buffers[1]) {}
  GRADUS_KERNEL void open(std::size_t at, std::size_t) {
    in = slot + at / S::size;
    from = V(in->origin());
    most = V(0.0F);
  }
  GRADUS_KERNEL V get(std::size_t i) const {
    return V::template load_codes<S>(in->codes + i, from);
  }
  template <class K>
  GRADUS_KERNEL void keep(const V& v, std::size_t i, const K&, std::size_t) {
    kept[i / V::size] = v;
    most.grow(v);
  }
  GRADUS_KERNEL void write(std::size_t i) {
    before[i / V::size].template store_codes<S>(out->codes + i, to, dither);
    dither.next();
  }
  GRADUS_KERNEL void close(std::uint32_t first) {
    const std::uint32_t largest = most.largest();
    in->cover(largest < 0x7f800000U ? largest : S::tame(reinterpret_cast<float*>(kept)));
    out = in;
    to = V(out->origin());
    dither = simd::Dither<I>(first);
    std::swap(kept, before);
  }
};

/// As Update, with slots in blocks, of which every one is taken as a whole: `begin` is where one
/// begins, `end` where one does or all elements end.
template <class Streams, class K>
struct UpdateBlocks;
template <Real T, Element P, Element G, Storage... S, class K>
struct UpdateBlocks<Streams<T, P, G, S...>, K> {
  static constexpr std::size_t N = sizeof...(S), size = gradus::detail::Block8::size;

  const Streams<T, P, G, S...>& streams;
  std::size_t begin, end;
  const K& kernel;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    run<I, simd::pack<I, T>>(std::make_index_sequence<N>{});
  }

 private:
  template <class I, class V, std::size_t... J>
  GRADUS_KERNEL void run(std::index_sequence<J...>) const {
    const K k = kernel;
    const V s(streams.scale);
    V buffers[N][2][blocked_packs<V>];
    std::tuple slots{SlotAccess<I, V, S>{std::get<J>(streams.slots), buffers[J]}...};
    const auto block = [&](P* p, const G* g, std::size_t at, std::size_t m) GRADUS_LAMBDA {
      (std::get<J>(slots).open(at, m), ...);
      for (std::size_t i = 0; i < size; i += V::size) {
        V x = V::load(p + i);
        const V y = s * V::load(g + i);
        std::array<V, N> z{std::get<J>(slots).get(i)...};
        const V step = at_element(k, at + i)(x, y, z);
        put(x - step, p + i, at + i, k, 0);
        (std::get<J>(slots).keep(z[J], i, k, J + 1), ...);
        if (at != begin) (std::get<J>(slots).write(i), ...);
      }
      (std::get<J>(slots).close(gradus::detail::dither(streams.t, J, at)), ...);
    };
    std::size_t j = view_of(streams.views, begin);
    for (std::size_t at = begin; at < end; at += size) {
      while (streams.views[j].begin + streams.views[j].n <= at) ++j;
      const View& view = streams.views[j];
      const std::size_t from = at - view.begin;
      if (view.n - from >= size) {
        block(streams.p(view) + from, streams.g(view) + from, at, size);
        continue;
      }
      // Across the border of spans, or at the end of all, where zeros are added.
      alignas(64) P p[size] = {};
      alignas(64) G g[size] = {};
      const std::size_t m = end - at < size ? end - at : size;
      each(j, at, m, [&](std::size_t i, P& x, const G& y) { p[i] = x, g[i] = y; });
      block(p, g, at, m);
      each(j, at, m, [&](std::size_t i, P& x, const G&) { x = p[i]; });
    }
    for (std::size_t i = 0; i < size; i += V::size) (std::get<J>(slots).write(i), ...);
  }
  // f(i, parameter, gradient) for elements at + i, i < m, of which the first is in view j.
  template <class F>
  void each(std::size_t j, std::size_t at, std::size_t m, const F& f) const {
    for (std::size_t i = 0; i < m; ++i) {
      while (streams.views[j].begin + streams.views[j].n <= at + i) ++j;
      const View& view = streams.views[j];
      f(i, streams.p(view)[at + i - view.begin], streams.g(view)[at + i - view.begin]);
    }
  }
};

}}}  // namespace gradus::GRADUS_ABI::exec
