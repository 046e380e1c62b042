// The update of one span: the loop that everything is about.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <gradus/simd/dispatch.hpp>

namespace gradus::inline GRADUS_ABI::exec {

/// Where the elements of one span lie: parameters, gradients and slots, each of its own storage
/// type (float or double).
template <class P, class G, class S, std::size_t N>
struct Streams {
  P* p = nullptr;
  const G* g = nullptr;
  std::array<S*, N> slot{};

  constexpr Streams from(std::size_t i) const noexcept {
    Streams r{p + i, g + i, slot};
    for (auto& s : r.slot) s += i;
    return r;
  }
};

/// p -= kernel(p, scale * g, slots) over `count` elements, in arithmetic type T. A kernel may also
/// move p itself before the step is taken from it (decoupled decay). Each element is computed from
/// its own inputs alone, by the same operations in the same order wherever it falls in the sweep,
/// so any partition of a span gives the same bits.
template <class T, class K, class P, class G, class S, std::size_t N>
struct Update {
  Streams<P, G, S, N> at;
  std::size_t count;
  T scale;
  const K& kernel;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    run<simd::pack<I, T>>(std::make_index_sequence<N>{});
  }

 private:
  // Slots are expanded at compile time: a run-time index would keep them in memory.
  template <class V, std::size_t... J>
  GRADUS_KERNEL void run(std::index_sequence<J...>) const {
    const K k = kernel;  // a local copy: stores cannot alias it
    const V s(scale);
    P* const p = at.p;
    const G* const g = at.g;
    const std::array<S*, N> slot = at.slot;
    const std::size_t n = count;

    const auto whole = [&](std::size_t i) GRADUS_LAMBDA {
      V x = V::load(p + i);
      const V y = s * V::load(g + i);
      std::array<V, N> z{V::load(slot[J] + i)...};
      const V step = k(x, y, z);
      (x - step).store(p + i);
      (z[J].store(slot[J] + i), ...);
    };
    // The head and the tail go through the same kernel over a padded block.
    const auto part = [&](std::size_t i, std::size_t m) GRADUS_LAMBDA {
      V x = V::load_part(p + i, m);
      const V y = s * V::load_part(g + i, m);
      std::array<V, N> z{V::load_part(slot[J] + i, m)...};
      const V step = k(x, y, z);
      (x - step).store_part(p + i, m);
      (z[J].store_part(slot[J] + i, m), ...);
    };

    std::size_t i = n >= 16 * V::size ? to_boundary<V::size>(p) : 0;
    if (i != 0) part(0, i);
    for (; i + V::size <= n; i += V::size) whole(i);
    if (i < n) part(i, n - i);
  }

  // Elements until p lies on a lane's boundary: a lane that crosses a cache line costs two.
  template <std::size_t Size>
  static std::size_t to_boundary(const P* p) noexcept {
    constexpr std::size_t bytes = Size * sizeof(P);
    const std::size_t past = reinterpret_cast<std::uintptr_t>(p) % bytes;
    return past == 0 ? 0 : (bytes - past) / sizeof(P);
  }
};

/// One span, on the calling thread, on the path in use.
template <class T, class K, class P, class G, class S, std::size_t N>
inline void sweep(const Streams<P, G, S, N>& at, std::size_t count, T scale, const K& kernel,
                  simd::Isa isa) noexcept {
  if (count != 0) simd::dispatch(isa, Update<T, K, P, G, S, N>{at, count, scale, kernel});
}

}  // namespace gradus::inline GRADUS_ABI::exec
