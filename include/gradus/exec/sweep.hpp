// The update: the loop that everything is about.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/exec/access.hpp>
#include <gradus/exec/sweep_blocks.hpp>
#include <gradus/simd/dispatch.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// p -= kernel(p, scale * g, slots) over elements [begin, end) of all spans, in arithmetic type T,
/// whatever the streams are stored as. A kernel may also move p itself before the step is taken
/// from it (decoupled decay). Each element is computed from its own inputs alone, by the same
/// operations in the same order wherever it falls in the sweep, so any partition of a span gives
/// the same bits.
template <class Streams, class K, class Slots = std::make_index_sequence<Streams::slot_count>>
struct Update;
// Slots are expanded at compile time: a run-time index would keep them in memory.
template <class Streams, class K, std::size_t... J>
struct Update<Streams, K, std::index_sequence<J...>> {
  using T = typename Streams::T;
  using P = typename Streams::P;

  const Streams& streams;
  std::size_t begin, end;
  const K& kernel;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    const K k = kernel;  // a local copy: stores cannot alias it
    const V s(streams.scale);
    const Views views = streams.views;
    for (std::size_t j = view_of(views, begin); j < views.size() && views[j].begin < end; ++j) {
      const View& view = views[j];
      const std::size_t from = begin < view.begin ? 0 : begin - view.begin;
      const std::size_t n = (end - view.begin < view.n ? end - view.begin : view.n) - from;
      const std::uint64_t first = streams.first + view.begin + from;
      P* const p = streams.p(view) + from;
      const auto* const g = streams.g(view) + from;
      [[maybe_unused]] const auto slot =
          std::tuple(std::get<J>(streams.slots) + view.begin + from...);

      const auto whole = [&]<class W>(std::size_t i, const W& scale) GRADUS_LAMBDA {
        W x = W::load(p + i);
        const W y = scale * W::load(g + i);
        std::array<W, sizeof...(J)> z{W::load(std::get<J>(slot) + i)...};
        const W step = at_element(k, first + i)(x, y, z);
        put(x - step, p + i, first + i, k, 0);
        (put(z[J], std::get<J>(slot) + i, first + i, k, J + 1), ...);
      };
      // The head and the tail go through the same kernel: over a padded block, or where a pack is
      // small and has no masks, one element after another, which is less code.
      const auto part = [&](std::size_t i, std::size_t m) GRADUS_LAMBDA {
        if constexpr (V::size <= 4 && !V::template masks<P>) {
          using One = simd::pack<simd::scalar, T>;
          for (const std::size_t stop = i + m; i != stop; ++i) whole(i, One(streams.scale));
        } else {
          V x = V::load_part(p + i, m);
          const V y = s * V::load_part(g + i, m);
          std::array<V, sizeof...(J)> z{V::load_part(std::get<J>(slot) + i, m)...};
          const V step = at_element(k, first + i)(x, y, z);
          put_part(x - step, p + i, m, first + i, k, 0);
          (put_part(z[J], std::get<J>(slot) + i, m, first + i, k, J + 1), ...);
        }
      };
      if constexpr (V::size == 1) {
        for (std::size_t i = 0; i != n; ++i) whole(i, s);
      } else {
        const std::size_t head = n >= 4 * V::size ? to_boundary<V::size>(p) : 0;
        const std::size_t tail = (n - head) % V::size;
        // The tail comes first and the head last. Otherwise a load would stall on the partial store
        // of a part before it. Both share one copy of the code, so that the compiler does less.
        for (std::size_t at = n - tail, m = tail;; at = 0, m = head) {
          if (m != 0) part(at, m);
          if (at == 0) break;
          for (std::size_t i = head; i != n - tail; i += V::size) whole(i, s);
        }
      }
    }
  }

 private:
  // Elements until p lies on a lane's boundary: a lane that crosses a cache line costs two.
  template <std::size_t Size>
  static std::size_t to_boundary(const P* p) noexcept {
    constexpr std::size_t bytes = Size * sizeof(P);
    const std::size_t past = reinterpret_cast<std::uintptr_t>(p) % bytes;
    return past == 0 ? 0 : (bytes - past) / sizeof(P);
  }
};

/// Elements [begin, end) on the calling thread, on the path in use.
template <class Streams, class K>
inline void sweep(const Streams& streams, std::size_t begin, std::size_t end,
                  const K& kernel) noexcept {
  using Loop = std::conditional_t<Streams::blocked, UpdateBlocks<Streams, K>, Update<Streams, K>>;
  if (begin < end) simd::dispatch(streams.isa, Loop{streams, begin, end, kernel});
}

}}}  // namespace gradus::GRADUS_ABI::exec
