// Slots of 8 bits per element: blocks of 64 codes that share an exponent.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// 64 codes, and the exponent of the largest number that they represent. The global index of an
/// element alone says which block it belongs to.
///
/// A code is the difference between the bits of two floats, of which it keeps the exponent and the
/// first 3 bits of the significand; so codes are dense where numbers are small. What is cut off is
/// dithered: it rounds the code up or down, as a function of step, slot and element, so that the
/// mean over many steps is right.
struct Block8 {
  static constexpr std::size_t size = 64;
  std::uint8_t codes[size] = {};
  std::uint8_t exponent = 0;

  bool operator==(const Block8&) const = default;

  /// Replaces each number that is not finite by the largest finite number of the 64, and keeps its
  /// sign. Returns the bits of that largest number, without a sign.
  static constexpr std::uint32_t tame(float* values) noexcept {
    constexpr std::uint32_t infinity = 0x7f800000U, all = 0x7fffffffU;
    std::uint32_t largest = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint32_t x = std::bit_cast<std::uint32_t>(values[i]) & all;
      if (x < infinity && x > largest) largest = x;
    }
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint32_t x = std::bit_cast<std::uint32_t>(values[i]);
      if ((x & all) >= infinity) values[i] = std::bit_cast<float>(largest | (x & ~all));
    }
    return largest;
  }
  /// Sets the exponent for 64 numbers, the largest of which has the bits `largest` without its
  /// sign: its exponent, or one more where rounding up could reach the next power of two.
  constexpr void cover(std::uint32_t largest) noexcept {
    const std::uint32_t e = (largest + 0x180000U) >> 23;
    exponent = static_cast<std::uint8_t>(e < 254 ? e : 254);
  }

 protected:
  // 2^(exponent - range), or 0 where that is not a normal number.
  constexpr float below(std::uint32_t range) const noexcept {
    return std::bit_cast<float>(exponent > range ? (exponent - range) << 23 : 0U);
  }
};

}  // namespace detail

/// 64 numbers of either sign in 65 bytes, for a slot that holds an average, such as Adam's m. It is
/// for storage only: all arithmetic is in float.
///
/// Domain: 4 significant bits down to 2^-15 of the block's largest number, and equal steps below
/// that; 0 is exact. Infinity and NaN become the largest number of the block.
/// Source: T. Dettmers et al., 8-bit optimizers via block-wise quantization, 2022, for blocks; the
/// codes are those of mu-law companding, ITU-T G.711.
struct Signed8 : detail::Block8 {
  /// The float whose bits have the code 0.
  constexpr float origin() const noexcept { return below(15); }

  /// Replaces a code by the bits of a float. U is an integer of 32 bits and F a float, or lanes of
  /// them; `origin` holds the bits of `origin()`.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void decode(U& word, const U& origin) noexcept {
    const U sign = (word & 0x80U) << 24, sum = ((word & 0x7fU) << 20) + origin;
    const F size = __builtin_bit_cast(F, sum) - __builtin_bit_cast(F, origin);
    word = __builtin_bit_cast(U, size) | sign;
  }
  /// Replaces the bits of a finite float by its code.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void encode(U& word, const U& origin, const U& dither) noexcept {
    const U sign = (word >> 24) & 0x80U, size = word & 0x7fffffffU;
    const F sum = __builtin_bit_cast(F, size) + __builtin_bit_cast(F, origin);
    word = ((__builtin_bit_cast(U, sum) - origin + (dither >> 12)) >> 20) | sign;
  }
  bool operator==(const Signed8&) const = default;
};

/// 64 numbers >= 0 in 65 bytes, for a slot that holds squares or sums of them, such as Adam's v. It
/// has no sign, so `stored` refuses it for a slot that can be negative.
///
/// Domain: 4 significant bits down to 2^-31 of the block's largest number. A smaller number becomes
/// that limit, so that a divisor that was not 0 does not become 0; a block of zeros is exact.
/// Source: as for Signed8; the codes are logarithms by J. N. Mitchell's approximation, 1962.
struct Positive8 : detail::Block8 {
  constexpr float origin() const noexcept { return below(31); }

  template <class F, class U>
  GRADUS_KERNEL static constexpr void decode(U& word, const U& origin) noexcept {
    word = (word << 20) + origin;
  }
  template <class F, class U>
  GRADUS_KERNEL static constexpr void encode(U& word, const U& origin, const U& dither) noexcept {
    const U size = word & 0x7fffffffU;
    word = ((size > origin ? size : origin) - origin + (dither >> 12)) >> 20;
  }
  bool operator==(const Positive8&) const = default;
};

namespace detail {

/// The dither of element i in slot j at step t: an additive recurrence, in t with the golden ratio
/// and in i and j with its counterpart in two dimensions. It spreads the roundings of every element
/// evenly over a few steps.
/// Source: M. Roberts, The unreasonable effectiveness of quasirandom sequences, 2018.
inline constexpr std::uint32_t dither_by_element = 0xc13fa9a9U;
constexpr std::uint32_t dither(std::uint64_t t, std::uint64_t j, std::uint64_t i) noexcept {
  return static_cast<std::uint32_t>(t * 0x9e3779b9U + j * 0x91e10da5U + i * dither_by_element);
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
