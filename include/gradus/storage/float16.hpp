#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A number of 16 bits, IEEE 754's binary16. For storage alone; all arithmetic is in float.
///
/// Domain: 11 significant bits, 6e-8 to 65504. From a float it is rounded to the nearest, ties to
/// even; too large is infinite; NaN stays NaN.
/// Source: IEEE 754-2008. The conversions keep to integers, but for one exact addition: F. Giesen,
/// half to float done quick, 2012.
struct float16 {
  std::uint16_t bits = 0;

  constexpr float16() noexcept = default;
  constexpr explicit float16(const float& x) noexcept {
    auto word = std::bit_cast<std::uint32_t>(x);
    narrow<float>(word);
    bits = static_cast<std::uint16_t>(word);
  }
  constexpr explicit operator float() const noexcept {
    std::uint32_t word = bits;
    widen<float>(word);
    return std::bit_cast<float>(word);
  }
  constexpr bool operator==(const float16&) const noexcept = default;

  /// On the bits of a number, or of a lane of them (U: 32-bit words, F: floats): from 16 bits to a
  /// float's.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void widen(U& word) noexcept {
    const U sign = (word & 0x8000U) << 16, rest = (word & 0x7fffU) << 13;
    const U exponent = rest & 0x0f800000U;
    const U special = 0U - ((0x0f7fffffU - exponent) >> 31);  // infinite or NaN: all ones, or 0
    const U tiny = 0U - ((exponent - 1U) >> 31);              // subnormal or 0
    // 2^-14 with the bits of a subnormal behind it, less 2^-14.
    const U shifted = rest + 0x38800000U;
    const F value = __builtin_bit_cast(F, shifted) - 0x1p-14F;
    const U normal = rest + 0x38000000U + (special & 0x38000000U);
    word = sign | (normal & ~tiny) | (__builtin_bit_cast(U, value) & tiny);
  }
  /// And from a float's to 16.
  template <class F, class U>
  GRADUS_KERNEL static constexpr void narrow(U& word) noexcept {
    const U sign = (word >> 16) & 0x8000U, size = word & 0x7fffffffU;
    const U nan = 0U - ((0x7f800000U - size) >> 31);
    const U large = 0U - ((0x477fffffU - size) >> 31);  // from 2^16 on
    const U tiny = 0U - ((size - 0x38800000U) >> 31);   // below 2^-14
    // The last bit of 0.5 + x is that of a subnormal: the addition rounds.
    const F sum = __builtin_bit_cast(F, size) + 0.5F;
    const U subnormal = __builtin_bit_cast(U, sum) - 0x3f000000U;
    const U normal = (size - 0x38000000U + 0xfffU + ((size >> 13) & 1U)) >> 13;
    const U special = 0x7c00U | (nan & (0x200U | ((size >> 13) & 0x3ffU)));
    word = sign | (special & large) | (subnormal & tiny) | (normal & ~large & ~tiny);
  }
};

}}  // namespace gradus::GRADUS_ABI
