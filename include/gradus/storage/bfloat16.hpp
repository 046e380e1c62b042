#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config.hpp>

namespace gradus::inline GRADUS_ABI {

/// A number of 16 bits with the exponent of a float: the upper half of one. For storage alone; all
/// arithmetic is in float.
///
/// Domain: 8 significant bits, to 3.4e38. From a float it is rounded to the nearest, ties to even;
/// too large is infinite; NaN stays NaN.
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
  /// And from a float's to 16.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void narrow(U& word) noexcept {
    const U nan = 0U - ((0x7f800000U - (word & 0x7fffffffU)) >> 31);  // all ones, or 0
    const U quiet = (word >> 16) | 0x40U;
    const U rounded = (word + 0x7fffU + ((word >> 16) & 1U)) >> 16;
    word = (rounded & ~nan) | (quiet & nan);
  }
};

}  // namespace gradus::inline GRADUS_ABI
