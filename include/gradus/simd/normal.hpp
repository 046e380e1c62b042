// Normally distributed random numbers, a pack of them at a time.
#pragma once

#include <array>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/simd/pack.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

/// The keys of the independent streams of random bits that make one normal number.
using NormalKeys = std::array<RandomKey, 6>;

/// Fills r with numbers of mean 0 and standard deviation 1. Element k depends on the keys and on
/// `counter` + k alone.
///
/// Source: the sum of 12 uniform numbers, here of 16 bits, is nearly normal, and a polynomial
/// corrects its tails: D. Teichroew, 1953, as in D. E. Knuth, The art of computer programming,
/// volume 2, 3.4.1.
template <class I, class T>
GRADUS_KERNEL void draw_normal(pack<I, T>& r, const NormalKeys& keys, std::uint64_t counter) {
  pack<I, T> sum;
  I::template random_sum<T>(sum.v, keys, counter);
  const pack<I, T> x = (sum - T{393210}) * static_cast<T>(0x1p-18), y = x * x;
  r = static_cast<T>(0.029899776) * y + static_cast<T>(0.008355968);
  r = (r * y + static_cast<T>(0.076542912)) * y + static_cast<T>(0.252408784);
  r = (r * y + static_cast<T>(3.949846138)) * x;
}

}}}  // namespace gradus::GRADUS_ABI::simd
