// The bits of a float or a double, and questions that they answer.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include <gradus/config/pin.hpp>
#include <gradus/config/version.hpp>
#include <gradus/math/real.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

// Under -Ofast a compiler assumes that every number is finite, and folds comparisons and even tests
// of bits accordingly. So the functions below take a number by reference (clang assumes it of what
// is passed by value), and pin its bits as an integer (clang assumes it of a pinned double as
// well). Thus they keep their promises under -Ofast, where `x != x`, for example, is always false.

template <Real T>
using bits_t = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

template <Real T>
inline constexpr bits_t<T> sign_bit = bits_t<T>{1} << (sizeof(T) * 8 - 1);
template <Real T>
inline constexpr bits_t<T> infinity_bits =
    sizeof(T) == 4 ? bits_t<T>{0xff} << 23 : bits_t<T>{0x7ff} << (sizeof(T) * 8 - 12);

/// The bits of x.
template <Real T>
constexpr bits_t<T> to_bits(const T& x) noexcept {
  auto bits = std::bit_cast<bits_t<T>>(x);
  if (!std::is_constant_evaluated()) GRADUS_PIN_SCALAR(bits);
  return bits;
}

/// The number with these bits.
template <Real T>
constexpr T from_bits(bits_t<T> bits) noexcept {
  if (!std::is_constant_evaluated()) GRADUS_PIN_SCALAR(bits);
  return std::bit_cast<T>(bits);
}

/// Whether x is neither infinite nor NaN.
template <Real T>
constexpr bool is_finite(const T& x) noexcept {
  return (to_bits(x) & infinity_bits<T>) != infinity_bits<T>;
}

/// Whether x is NaN.
template <Real T>
constexpr bool is_nan(const T& x) noexcept {
  return (to_bits(x) & ~sign_bit<T>) > infinity_bits<T>;
}

/// Whether x is finite and > 0.
template <Real T>
constexpr bool is_positive(const T& x) noexcept {
  return to_bits(x) - 1 < infinity_bits<T> - 1;
}

/// Whether x is > 0, finite or infinite.
template <Real T>
constexpr bool is_above_zero(const T& x) noexcept {
  return to_bits(x) - 1 < infinity_bits<T>;
}

/// The largest finite number, infinity, and a quiet NaN.
template <Real T>
constexpr T largest() noexcept {
  return from_bits<T>(infinity_bits<T> - 1);
}
template <Real T>
constexpr T positive_infinity() noexcept {
  return from_bits<T>(infinity_bits<T>);
}
template <Real T>
constexpr T quiet_nan() noexcept {
  return from_bits<T>(infinity_bits<T> | (infinity_bits<T> >> 1));
}

}}}  // namespace gradus::GRADUS_ABI::math
