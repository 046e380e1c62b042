// bfloat16: the upper half of a float.
#pragma once

#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/storage/half.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A number of 16 bits with the sign and the exponent of a float and 7 bits of its significand. It
/// is for storage only: all arithmetic is in float.
///
/// Domain: 8 significant bits, up to 3.4e38. A float is rounded to the nearest bfloat16, ties to
/// even; one that is too large becomes infinite. Every NaN becomes the same NaN, also when it is
/// rounded at random.
/// Source: the format of Google's TPUs, Intel's AVX512_BF16 and Arm's BF16; PyTorch's bfloat16.
struct bfloat16 : detail::Bits16<bfloat16> {
  using detail::Bits16<bfloat16>::Bits16;

  // In these functions a word U is an integer of 32 bits, or a lane of them.

  /// Replaces the bits of a bfloat16 by those of the float.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void widen(U& word) noexcept {
    word <<= 16;
  }
  /// Replaces the bits of a float by those of the nearest bfloat16.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void narrow(U& word) noexcept {
    const U nan = 0U - ((0x7f800000U - (word & 0x7fffffffU)) >> 31);  // NaN: all ones; else 0
    word = (word & ~nan) | (one_nan & nan);
    narrow_number(word);
  }
  /// The same for a number or `one_nan`. Adding 0x7fff rounds to the nearest, but a tie down; so
  /// the bit that becomes the last one is set in the lowest place first, which rounds a tie up
  /// where that bit is odd.
  template <class U>
  GRADUS_KERNEL static constexpr void narrow_number(U& word) noexcept {
    word = ((word | ((word >> 16) & 1U)) + 0x7fffU) >> 16;
  }
  /// Replaces the bits of a float by those of a neighbouring bfloat16, chosen by 32 random bits so
  /// that the mean is the float.
  template <class U>
  GRADUS_KERNEL static constexpr void narrow_randomly(U& word, const U& random) noexcept {
    const U size = word & 0x7fffffffU;
    const U special = 0U - ((0x7f7fffffU - size) >> 31);  // infinite or NaN: all ones; else 0
    const U nan = 0U - ((0x7f800000U - size) >> 31);
    const U kept = ((word & ~nan) | (one_nan & nan)) >> 16;
    word = (((word + (random >> 16)) >> 16) & ~special) | (kept & special);
  }
  static constexpr std::uint32_t one_nan = 0xffc00000U;
};

}}  // namespace gradus::GRADUS_ABI
