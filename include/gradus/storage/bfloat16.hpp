#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A number of 16 bits with the exponent of a float: the upper half of one. For storage alone; all
/// arithmetic is in float.
///
/// Domain: 8 significant bits, to 3.4e38. From a float it is rounded to the nearest, ties to even;
/// too large is infinite; every NaN becomes one NaN, also where it is rounded at random.
/// Source: the format of Google's TPUs, Intel's AVX512_BF16 and Arm's BF16; PyTorch's bfloat16.
struct bfloat16 {
  std::uint16_t bits = 0;

  constexpr bfloat16() noexcept = default;
  constexpr explicit bfloat16(const float& x) noexcept {
    auto word = std::bit_cast<std::uint32_t>(x);
    narrow<float>(word);
    bits = static_cast<std::uint16_t>(word);
  }
  constexpr explicit operator float() const noexcept {
    std::uint32_t word = bits;
    widen<float>(word);
    return std::bit_cast<float>(word);
  }
  constexpr bool operator==(const bfloat16&) const noexcept = default;

  /// On the bits of a number, or of a lane of them (U: 32-bit words): from 16 bits to a float's.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void widen(U& word) noexcept {
    word <<= 16;
  }
  /// From a float's to 16, at random up or down so that the mean is right: `random` is 32 bits.
  template <class U>
  GRADUS_KERNEL static constexpr void narrow_randomly(U& word, const U& random) noexcept {
    const U size = word & 0x7fffffffU;
    const U special = 0U - ((0x7f7fffffU - size) >> 31);  // infinite or NaN: all ones, or 0
    const U nan = 0U - ((0x7f800000U - size) >> 31);
    const U kept = ((word & ~nan) | (one_nan & nan)) >> 16;
    word = (((word + (random >> 16)) >> 16) & ~special) | (kept & special);
  }
  /// And from a float's to 16, to the nearest.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void narrow(U& word) noexcept {
    const U nan = 0U - ((0x7f800000U - (word & 0x7fffffffU)) >> 31);  // all ones, or 0
    word = (word & ~nan) | (one_nan & nan);
    narrow_number(word);
  }
  /// The same of what is a number or `one_nan`. The last bit that is kept, put in at the end as
  /// well, carries a tie over where it is odd.
  template <class U>
  GRADUS_KERNEL static constexpr void narrow_number(U& word) noexcept {
    word = ((word | ((word >> 16) & 1U)) + 0x7fffU) >> 16;
  }
  static constexpr std::uint32_t one_nan = 0xffc00000U;
};

}}  // namespace gradus::GRADUS_ABI
