// The bits of a float or a double, and what they say about it.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <gradus/config/pin.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

template <class T>
concept Binary = std::same_as<T, float> || std::same_as<T, double>;  // IEEE 754 binary32, binary64

template <Binary T>
using bits_t = std::conditional_t<std::same_as<T, float>, std::uint32_t, std::uint64_t>;

template <Binary T>
inline constexpr bits_t<T> sign_bit = bits_t<T>{1} << (sizeof(T) * 8 - 1);
template <Binary T>
inline constexpr bits_t<T> infinity_bits =
    sizeof(T) == 4 ? bits_t<T>{0xff} << 23 : bits_t<T>{0x7ff} << (sizeof(T) * 8 - 12);

/// The bits of x. Under -Ofast a compiler takes every double for finite, and folds a test of its
/// bits accordingly: hence the pin of the integer (clang believes it of a pinned double, too), and
/// the reference (clang believes it of what is passed by value).
template <Binary T>
constexpr bits_t<T> to_bits(const T& x) noexcept {
  auto bits = std::bit_cast<bits_t<T>>(x);
  if (!std::is_constant_evaluated()) GRADUS_PIN_SCALAR(bits);
  return bits;
}

/// The number with these bits; an infinity or a NaN too, under -Ofast as well.
template <Binary T>
constexpr T from_bits(bits_t<T> bits) noexcept {
  if (!std::is_constant_evaluated()) GRADUS_PIN_SCALAR(bits);
  return std::bit_cast<T>(bits);
}

/// Neither infinite nor NaN; true to its name under -Ofast as well.
template <Binary T>
constexpr bool is_finite(const T& x) noexcept {
  return (to_bits(x) & infinity_bits<T>) != infinity_bits<T>;
}

/// Not a number; true to its name under -Ofast as well, where `x != x` is always false.
template <Binary T>
constexpr bool is_nan(const T& x) noexcept {
  return (to_bits(x) & ~sign_bit<T>) > infinity_bits<T>;
}

/// Finite and above 0; true to its name under -Ofast as well.
template <Binary T>
constexpr bool is_positive(const T& x) noexcept {
  return to_bits(x) - 1 < infinity_bits<T> - 1;
}

/// Above 0, also infinite; true to its name under -Ofast as well.
template <Binary T>
constexpr bool is_above_zero(const T& x) noexcept {
  return to_bits(x) - 1 < infinity_bits<T>;
}

/// Infinity and a quiet NaN of type T.
template <Binary T>
constexpr T positive_infinity() noexcept {
  return from_bits<T>(infinity_bits<T>);
}
template <Binary T>
constexpr T quiet_nan() noexcept {
  return from_bits<T>(infinity_bits<T> | (infinity_bits<T> >> 1));
}

}}}  // namespace gradus::GRADUS_ABI::math
