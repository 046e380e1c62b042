// How packs of elements get out of streams and back.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/simd/pack.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// Elements at, at + 1, ... of a slot, of which `left` exist.
template <class V, class S>
GRADUS_KERNEL V get(const S* slot, std::size_t at, std::size_t left) {
  if constexpr (Blocked<S>) {
    const S& block = slot[at / S::size];
    return V::template load_codes<S>(block.codes + at % S::size, V(block.origin()));
  } else {
    return left >= V::size ? V::load(slot + at) : V::load_part(slot + at, left);
  }
}

// Stream 0 is the parameters, then come the slots. A kernel with keys rounds halves at random.
template <class E, class K>
inline constexpr bool randomly = std::same_as<E, bfloat16> && requires(const K& k) { k.keys[0]; };
template <class V, class E, class K>
GRADUS_KERNEL void put(const V& v, E* to, std::uint64_t at, const K& k, std::size_t stream) {
  if constexpr (randomly<E, K>) {
    v.store_randomly(to, k.keys[stream], at);
  } else {
    v.store(to);
  }
}
template <class V, class E, class K>
GRADUS_KERNEL void put_part(const V& v, E* to, std::size_t m, std::uint64_t at, const K& k,
                            std::size_t stream) {
  if constexpr (randomly<E, K>) {
    v.store_randomly_part(to, m, k.keys[stream], at);
  } else {
    v.store_part(to, m);
  }
}

}}}  // namespace gradus::GRADUS_ABI::exec
