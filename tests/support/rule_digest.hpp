// What the digests of rules are made from.
#pragma once

#include <gradus/simd/isa.hpp>
#include <gradus/step/options.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace support {

inline constexpr std::size_t most = 1100;
inline constexpr gradus::step_t steps = 200;

// Whole numbers over powers of two: exact, whatever the flags.
inline double rate(gradus::step_t t) { return static_cast<double>(t % 64 + 1) * 0x1p-13; }
inline double decay(gradus::step_t t) { return static_cast<double>(t % 32) * 0x1p-8; }

template <class T>
struct Inputs {
  std::vector<T> params = numbers<T>(most, 1);
  std::vector<std::vector<T>> grads;

  Inputs() {
    for (gradus::step_t t = 0; t < steps; ++t) {
      std::vector<T>& g = grads.emplace_back(numbers<T>(most, 2 + t));
      for (std::size_t i = t % 17; i < most; i += 17)
        g[i] *= static_cast<T>(0x1p-100);  // down to subnormals
    }
  }
};

inline std::vector<std::size_t> sizes() {
  std::vector<std::size_t> r{1000, most};
  for (std::size_t n = 0; n <= 70; ++n) r.push_back(n);
  return r;
}

// A change of `expected` is a change of what users get: say so in CHANGELOG.md.
template <class Add>
void check_digest(std::uint64_t expected, const Add& add) {
  default_environment();
  for (const Isa isa : paths()) {
    const OnPath on(isa);
    std::vector<std::uint64_t> digests;
    add(digests);
    std::uint64_t all = 0;
    for (const std::uint64_t d : digests) all = (all ^ d) * 0x100'0000'01b3U;
    CAPTURE(gradus::simd::name(isa), digests);
    CHECK(all == expected);
  }
}

}  // namespace support
