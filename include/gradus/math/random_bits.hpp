// Random numbers without a state: each is a function of a key and a counter.
#pragma once

#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The key of one stream of random numbers. A number depends on the key and on its counter alone,
/// so it is the same in whatever order numbers are drawn, by how many threads, and after a resume.
struct RandomKey {
  std::uint32_t a = 0, b = 0;

  constexpr RandomKey() noexcept = default;
  /// The key for a seed, a step and the index of a stream.
  constexpr RandomKey(std::uint64_t seed, std::uint64_t step, std::uint64_t stream) noexcept {
    std::uint64_t x = mixed(mixed(mixed(seed) ^ step) ^ stream);
    a = static_cast<std::uint32_t>(x);
    b = static_cast<std::uint32_t>(x >> 32);
  }
  constexpr bool operator==(const RandomKey&) const noexcept = default;

 private:
  // The finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number
  // generators, 2014).
  static constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
  }
};

namespace detail {

/// Replaces `word` by 32 random bits. On entry `word` holds the upper 32 bits of the counter, and
/// `low` the lower; U is an integer of 32 bits or a lane of them. Each of two rounds applies a key
/// and a mixer of 32 bits with a measured bias of 0.107.
/// Source: C. Wellons, Prospecting for hash functions, 2018.
template <class U>
GRADUS_KERNEL constexpr void random_bits(U& word, const U& low, const RandomKey& key) noexcept {
  const auto mix = [](U& x) GRADUS_LAMBDA {
    x = (x ^ (x >> 16)) * 0x21f0aaadU;
    x = (x ^ (x >> 15)) * 0x735a2d97U;
    x = x ^ (x >> 15);
  };
  U x = low ^ key.a;
  mix(x);
  word = x + (word * 0x9e3779b9U ^ key.b);
  mix(word);
}
/// The random bits of one counter.
constexpr std::uint32_t random_bits(std::uint64_t counter, const RandomKey& key) noexcept {
  auto word = static_cast<std::uint32_t>(counter >> 32);
  random_bits(word, static_cast<std::uint32_t>(counter), key);
  return word;
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
