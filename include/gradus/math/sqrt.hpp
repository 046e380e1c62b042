// The square root of a double, correctly rounded at run time and at compile time.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include <gradus/config/root.hpp>
#include <gradus/math/bits.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

namespace detail {
// The square root by integer arithmetic, for constant evaluation. x = m * 2^e, where m has 53 bits
// and e is even. The root of m * 2^54 has 54 bits, of which the last decides the rounding: the root
// of a double is never half-way between two doubles.
constexpr double sqrt_by_integers(double x) noexcept {
  std::uint64_t m = std::bit_cast<std::uint64_t>(x);
  int e = static_cast<int>(m >> 52) - 1075;
  m &= (std::uint64_t{1} << 52) - 1;
  if (e == -1075) {
    e = -1074;
  } else {
    m |= std::uint64_t{1} << 52;
  }
  while (m < (std::uint64_t{1} << 52)) m <<= 1, --e;
  if (e % 2 != 0) m <<= 1, --e;
  std::uint64_t root = 0, rest = 0;
  // Each turn takes two bits of m * 2^54 from the top: first the 54 of m, then 54 zeros.
  for (int i = 0; i < 54; ++i) {
    const int at = 52 - 2 * i;
    rest = (rest << 2) | (at >= 0 ? (m >> at) & 3 : 0);
    const std::uint64_t trial = (root << 2) | 1;
    root <<= 1;
    if (rest >= trial) rest -= trial, root |= 1;
  }
  double r = static_cast<double>((root >> 1) + (root & 1));  // of root * 2^(e / 2 - 27)
  for (int k = e / 2 - 26; k != 0; k += k < 0 ? 1 : -1) r *= k < 0 ? 0.5 : 2.0;
  return r;
}
}  // namespace detail

/// The square root of x, rounded once.
///
/// Domain: x >= 0. The root of a negative x is NaN, or 0 in a constant expression.
/// Cost: one instruction where the processor has it.
/// Source: IEEE 754-2019, section 5.4.1; at compile time the schoolbook digit-by-digit method.
constexpr double sqrt(double x) noexcept {
  if (std::is_constant_evaluated())
    return x > 0 && is_finite(x) ? detail::sqrt_by_integers(x) : x > 0 ? x : 0;
  return gradus::detail::hardware_root(x);
}

}}}  // namespace gradus::GRADUS_ABI::math
