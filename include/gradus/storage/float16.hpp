// float16: the half of IEEE 754.
#pragma once

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/storage/half.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A number of 16 bits in the format binary16 of IEEE 754. It is for storage only: all arithmetic
/// is in float.
///
/// Domain: 11 significant bits, from 6e-8 to 65504. A float is rounded to the nearest float16, ties
/// to even; one that is too large becomes infinite. NaN stays NaN.
/// Source: IEEE 754-2008. The conversions compute with integers, and one sum or difference of
/// floats each: F. Giesen, half to float done quick, 2012.
struct float16 : detail::Bits16<float16> {
  using detail::Bits16<float16>::Bits16;

  // In these functions a word U is an integer of 32 bits, or a lane of them, and F is a float, or a
  // lane of them. A mask is all ones where its name is true, and else 0.

  /// Replaces the bits of a float16 by those of the float.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void widen(U& word) noexcept {
    const U sign = (word & 0x8000U) << 16, rest = (word & 0x7fffU) << 13;
    const U exponent = rest & 0x0f800000U;
    const U special = 0U - ((0x0f7fffffU - exponent) >> 31);  // infinite or NaN
    const U tiny = 0U - ((exponent - 1U) >> 31);              // subnormal or 0
    // A tiny number is (2^-14 with its bits as significand) - 2^-14, which is exact.
    const U shifted = rest + 0x38800000U;
    const F value = __builtin_bit_cast(F, shifted) - 0x1p-14F;
    const U normal = rest + 0x38000000U + (special & 0x38000000U);
    word = sign | (normal & ~tiny) | (__builtin_bit_cast(U, value) & tiny);
  }
  /// Replaces the bits of a float by those of the nearest float16.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void narrow(U& word) noexcept {
    const U sign = (word >> 16) & 0x8000U, size = word & 0x7fffffffU;
    const U nan = 0U - ((0x7f800000U - size) >> 31);
    const U large = 0U - ((0x477fffffU - size) >> 31);  // from 2^16 on
    const U tiny = 0U - ((size - 0x38800000U) >> 31);   // below 2^-14
    // The last bit of a float in [0.5, 1) is worth as much as that of a subnormal float16, so that
    // adding 0.5 rounds a tiny number as it should be.
    const F sum = __builtin_bit_cast(F, size) + 0.5F;
    const U subnormal = __builtin_bit_cast(U, sum) - 0x3f000000U;
    const U normal = (size - 0x38000000U + 0xfffU + ((size >> 13) & 1U)) >> 13;
    const U special = 0x7c00U | (nan & (0x200U | ((size >> 13) & 0x3ffU)));
    word = sign | (special & large) | (subnormal & tiny) | (normal & ~large & ~tiny);
  }
};

}}  // namespace gradus::GRADUS_ABI
