// How packs of elements get out of streams and back.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <gradus/concept/kernel.hpp>
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

// Streams are numbered as a kernel's keys: 0 is the parameters, J + 1 is slot J. What is stored as
// bfloat16 is rounded at random where the kernel has keys.
template <class E, class K>
concept RoundedRandomly = std::same_as<E, bfloat16> && HasKeys<K>;

/// Writes a pack of stream j to elements at, at + 1, ...
template <class V, class E, class K>
GRADUS_KERNEL void put(const V& v, E* to, std::uint64_t at, const K& k, std::size_t j) {
  if constexpr (RoundedRandomly<E, K>) {
    v.store_randomly(to, k.key(j), at);
  } else {
    v.store(to);
  }
}
/// Writes the first m of them.
template <class V, class E, class K>
GRADUS_KERNEL void put_part(const V& v, E* to, std::size_t m, std::uint64_t at, const K& k,
                            std::size_t j) {
  if constexpr (RoundedRandomly<E, K>) {
    v.store_randomly_part(to, m, k.key(j), at);
  } else {
    v.store_part(to, m);
  }
}

}}}  // namespace gradus::GRADUS_ABI::exec
