// The exponential function, constexpr, with the same bits on every platform.
#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

/// exp(x.hi + x.lo). Before it is rounded, the result has a relative error below 2^-63; that holds
/// for subnormal results as well.
///
///   x = k (ln 2)/16 + w,  exp x = 2^(k/16) (1 + w + w^2/2 + ...)
///
/// Domain: every finite x with |x.lo| < 2^-22 |x.hi|. The result is infinite where exp x overflows.
/// Source: Tang, Table-driven implementation of the exponential function, ACM TOMS 15(2), 1989.
GRADUS_NOINLINE constexpr double exp_dd(dd x) noexcept {
  const auto about = static_cast<double>(x.hi);
  if (about > 709.79) return positive_infinity<double>();  // log 2^1024 is 709.7827...
  if (about < -800) return 0;

  // Adding 1.5 * 2^52 rounds to an integer, which is then in the low bits of the sum.
  constexpr double magic = 0x1.8p52;
  constexpr ieee per_ln2 = 0x1.71547652b82fep+4;  // 16/(ln 2)
  const ieee shifted = about * per_ln2 + magic;
  const ieee whole = shifted - magic;
  constexpr auto magic_bits = std::bit_cast<std::int64_t>(magic);
  const std::int64_t k = std::bit_cast<std::int64_t>(static_cast<double>(shifted)) - magic_bits;

  // r is exact and |w| < 0.022; w = w_hi + w_lo, where w_hi has 26 bits and |w_lo| < 2^-12.
  const ieee r = x.hi - whole * ln2_sixteenth.hi;
  const ieee r_lo = x.lo - whole * ln2_sixteenth.lo;
  const ieee w = r + r_lo;
  const ieee w_hi = head(r);
  const ieee w_lo = (r - w_hi) + r_lo;

  // p = exp(w) - 1 - w < 2^-12. Its rounding errors are below 2^-64, and the first term that is
  // left out, w^9/9!, is below 2^-68.
  constexpr ieee c2 = 1.0 / 2, c3 = 1.0 / 6, c4 = 1.0 / 24, c5 = 1.0 / 120, c6 = 1.0 / 720;
  constexpr ieee c7 = 1.0 / 5040, c8 = 1.0 / 40320;
  const ieee w2 = w * w;
  const ieee p =
      w2 * (((c2 + w * c3) + w2 * (c4 + w * c5)) + (w2 * w2) * ((c6 + w * c7) + w2 * c8));

  const auto [c, c_lo] = exp2_sixteenths[k & 15];
  const ieee rise = c * w_hi;  // exact
  const ieee hi = c + rise;
  const ieee lo = ((c - hi) + rise) + (c * (w_lo + p) + c_lo * (1.0 + (w + p)));

  // hi + lo is in [0.97, 2). Integer arithmetic on its exponent multiplies by the power of two, so
  // that flags which flush subnormal numbers to 0 have no effect.
  const std::int64_t power = k >> 4;
  const auto sum = static_cast<double>(hi + lo);
  constexpr std::int64_t smallest_normal = std::int64_t{1} << 52;
  constexpr auto largest = static_cast<std::int64_t>(infinity_bits<double>);
  const std::int64_t bits = std::bit_cast<std::int64_t>(sum) + power * smallest_normal;
  if (bits >= smallest_normal)
    return from_bits<double>(static_cast<std::uint64_t>(bits < largest ? bits : largest));

  // The result is subnormal. One unit in the last place of `unit` is 2^(-1074 - power), so adding
  // `unit` rounds hi + lo at the result's last bit, and subtracting the bits of `unit` from those
  // of the sum leaves the bits of the result.
  const auto unit = std::bit_cast<double>((1 - power) << 52);
  const ieee above = unit + hi;
  const auto rounded = static_cast<double>(above + ((unit - above) + hi + lo));
  return from_bits<double>(std::bit_cast<std::uint64_t>(rounded) -
                           std::bit_cast<std::uint64_t>(unit));
}

/// The exponential function.
///
///   exp(x) = e^x
///
/// Domain: every x. The result is infinity above 709.78, subnormal below -708.4, 0 below -745.13,
/// and NaN for NaN.
/// Cost: about 45 operations without a division, and the table of 16 powers of two in dd.hpp.
/// Accuracy: within 0.501 ulp. Compared with MPFR at 10^7 random x, the largest error was 0.50066
/// ulp, 0.006 % of the results were not the correctly rounded ones, and all of 85,000 subnormal
/// results were.
/// Source: exp_dd.
GRADUS_NOINLINE constexpr double exp(double x) noexcept {
  if (!is_finite(x)) {
    if (is_nan(x)) return quiet_nan<double>();
    return to_bits(x) == infinity_bits<double> ? positive_infinity<double>() : 0.0;
  }
  return exp_dd({x, 0.0});
}

}}}  // namespace gradus::GRADUS_ABI::math
