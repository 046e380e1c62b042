// Slots in 8 bits an element: blocks of 64 codes that share an exponent.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// 64 codes, and the exponent of the largest of the numbers that they stand for. Which elements
/// share a block follows from their global index alone.
///
/// A code is the distance of two floats' bits, cut to a float's exponent and its first 3 bits: so
/// codes are dense where numbers are small. What is cut off is dithered: rounded up or down, right
/// on average over steps, as a function of step, slot and element.
struct Block8 {
  static constexpr std::size_t size = 64;
  std::uint8_t codes[size] = {};
  std::uint8_t exponent = 0;

  bool operator==(const Block8&) const = default;

  /// Replaces what is not finite by the largest finite number of the 64, with its sign; returns
  /// that number's size as bits.
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
  /// Sets the exponent for numbers of which `largest` is the size of the largest, as a float's
  /// bits: one more where rounding up could reach the next.
  constexpr void cover(std::uint32_t largest) noexcept {
    const std::uint32_t e = (largest + 0x180000U) >> 23;
    exponent = static_cast<std::uint8_t>(e < 254 ? e : 254);
  }

 protected:
  // 2^(exponent - range), or 0 where that is no normal number.
  constexpr float below(std::uint32_t range) const noexcept {
    return std::bit_cast<float>(exponent > range ? (exponent - range) << 23 : 0U);
  }
};

}  // namespace detail

/// 64 numbers in 65 bytes, of either sign: a slot of averages, as Adam's m. For storage alone; all
/// arithmetic is in float.
///
/// Domain: 4 significant bits down to 2^-15 of the block's largest, in equal steps below; 0 is
/// exact. What is not finite becomes the largest that a block can hold.
/// Source: 8-bit optimizers via block-wise quantization, T. Dettmers et al., 2022 (blocks);
/// the codes are mu-law companding's, ITU-T G.711.
struct Signed8 : detail::Block8 {
  /// What codes are counted from.
  constexpr float origin() const noexcept { return below(15); }

  /// On words of 32 bits or lanes of them (U) and floats (F): from a code to a float's bits.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void decode(U& word, const U& origin) noexcept {
    const U sign = (word & 0x80U) << 24, sum = ((word & 0x7fU) << 20) + origin;
    const F size = __builtin_bit_cast(F, sum) - __builtin_bit_cast(F, origin);
    word = __builtin_bit_cast(U, size) | sign;
  }
  /// And from a finite float's bits to a code.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void encode(U& word, const U& origin, const U& dither) noexcept {
    const U sign = (word >> 24) & 0x80U, size = word & 0x7fffffffU;
    const F sum = __builtin_bit_cast(F, size) + __builtin_bit_cast(F, origin);
    word = ((__builtin_bit_cast(U, sum) - origin + (dither >> 12)) >> 20) | sign;
  }
  bool operator==(const Signed8&) const = default;
};

/// 64 numbers in 65 bytes, none negative: a slot of squares or of their sums, as Adam's v. A sign
/// would be lost, so that `stored` refuses it for a slot that can be negative.
///
/// Domain: 4 significant bits down to 2^-31 of the block's largest; what is smaller becomes that,
/// so that nothing is divided by 0 which was not 0; a block of zeros is exact.
/// Source: as Signed8; the codes are logarithms by Mitchell's approximation, 1962.
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

/// The dither of element i in slot j at step t: an additive recurrence in t by the golden ratio, in
/// i and j by those of the plane, so that every element's roundings are spread evenly over few
/// steps. Source: M. Roberts, The unreasonable effectiveness of quasirandom sequences, 2018.
inline constexpr std::uint32_t dither_by_element = 0xc13fa9a9U;
constexpr std::uint32_t dither(std::uint64_t t, std::uint64_t j, std::uint64_t i) noexcept {
  return static_cast<std::uint32_t>(t * 0x9e3779b9U + j * 0x91e10da5U + i * dither_by_element);
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
