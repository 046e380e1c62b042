// The power function, constexpr, with the same bits on every platform.
#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/log.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

/// e^(y l), where l.hi has 26 bits.
constexpr double exp_product(dd l, double y) noexcept {
  const ieee y_hi = head(y);
  const ieee y_lo = y - y_hi;
  return exp_dd({y_hi * l.hi, y_lo * l.hi + y * l.lo});  // the first product is exact
}

/// Whether pow(base, y) is e^(y log(base)), which `exp_product` computes.
constexpr bool is_usual_power(double base, double y) noexcept {
  constexpr std::uint64_t two_to_64 = std::bit_cast<std::uint64_t>(0x1p64);
  return is_positive(base) && (to_bits(y) & ~sign_bit<double>) < two_to_64;
}

/// pow(base, y) where base is not in (0, infinity), |y| >= 2^64, or y is not finite.
constexpr double pow_special(double base, double y) noexcept {
  constexpr std::uint64_t one = std::bit_cast<std::uint64_t>(1.0);
  const std::uint64_t b = to_bits(base);
  const std::uint64_t e = to_bits(y);
  if (b == one || e << 1 == 0) return 1;
  const bool negative = b > sign_bit<double>;
  if (negative || is_nan(base) || is_nan(y)) return quiet_nan<double>();
  const bool below_one = b < one || b == sign_bit<double>;
  const bool falling = (e & sign_bit<double>) != 0;
  return below_one == falling ? positive_infinity<double>() : 0.0;
}

/// The power function.
///
///   pow(base, y) = base^y = exp(y log(base))
///
/// Domain: base >= 0, where -0 counts as 0, and every y. The first of these rules that applies
/// gives the result:
///   pow(x, 0) = pow(1, y) = 1, even where the other argument is NaN
///   NaN where an argument is NaN or base < 0
///   pow(0, y) = 0 for y > 0, and infinity for y < 0
///   pow(infinity, y) = infinity for y > 0, and 0 for y < 0
///   infinity where the result overflows
/// Subnormal results are rounded once, as all others are.
/// Cost: two divisions, about 115 other operations, and the table of 16 powers of two in dd.hpp.
/// Accuracy: within 0.501 ulp. Compared with MPFR at 10^7 random pairs, the largest error was
/// 0.50067 ulp, 0.008 % of the results were not the correctly rounded ones, and all of 10^5
/// subnormal results were.
/// Source: fdlibm's e_pow.c (Sun Microsystems, 1993) for logarithm and product in two pieces;
/// Tang's tables (ACM TOMS 15(2), 1989, and 16(4), 1990).
GRADUS_NOINLINE constexpr double pow(double base, double y) noexcept {
  if (!is_usual_power(base, y)) return pow_special(base, y);

  // |log(base)| is 0 or in [2^-53, 745), so no product below overflows, and where one underflows,
  // the result is 1.
  return exp_product(log_dd(base), y);
}

/// Whether 0 <= base < 1 and base^y is below 2^-54, so that 1 - base^y is 1: for a base of 0.9 from
/// y = 376 on, for 0.999 from 37,501 on. It takes base - 1 for log(base), which is smaller still.
constexpr bool power_vanishes(double base, double y) noexcept {
  return base >= 0 && base < 1 && (base - 1) * y < -37.5;  // log 2^-54 is -37.43
}

/// 1 - pow(base, y), with the same bits.
constexpr double one_minus_power(double base, double y) noexcept {
  return power_vanishes(base, y) ? 1.0 : 1.0 - pow(base, y);
}

/// The power of a number in two pieces: (hi + lo)^y, where |lo| <= 2^-53 hi.
///
/// Domain: that of pow; but hi + lo may be nearer to 1 than any double is, and y above 2^64.
/// Cost: that of pow, and a division.
/// Accuracy: within 0.51 ulp plus a relative error of 2^-53 |y log(base)|, however large y is.
/// Source: pow, and log(hi + lo) = log(hi) + lo / hi with a relative error of 2^-54.
GRADUS_NOINLINE constexpr double pow_dd(dd base, const double& y) noexcept {
  const auto hi = static_cast<double>(base.hi);
  if (!is_positive(hi) || !is_finite(y)) return pow(hi, y);
  const dd l = log_dd(hi);
  const ieee rest = l.lo + base.lo / base.hi;
  const ieee l_hi = head(l.hi + rest);
  return exp_product({l_hi, (l.hi - l_hi) + rest}, y);
}

/// 1 - (base.hi + base.lo)^y in two pieces, with a relative error of 2^-53. A difference of 1 and
/// pow would lose these digits where the power is near 1.
///
///   1 - e^-z = z - z^2/2 + z^3/6 - ...,  z = -y log(base)
///
/// Domain: 0 < base.hi <= 1, |base.lo| <= 2^-53 base.hi, y > 0, z <= 0.7.
GRADUS_NOINLINE constexpr dd one_minus_pow(dd base, const double& y) noexcept {
  const dd l = log_dd(static_cast<double>(base.hi));
  const ieee rest = l.lo + base.lo / base.hi, l_hi = head(l.hi + rest);
  const ieee y_hi = head(y), product = y_hi * l_hi;  // exact
  const ieee small = (y - y_hi) * l_hi + y * ((l.hi - l_hi) + rest);
  const ieee z_hi = head(-product), z_lo = (-product - z_hi) - small, z = z_hi + z_lo;
  // odd - z even is the sum of the terms from z^3 on, divided by z^3. The first term that is left
  // out, z^19/19!, is below 2^-65 z.
  constexpr ieee c3 = 1.0 / 6, c4 = 1.0 / 24, c5 = 1.0 / 120, c6 = 1.0 / 720, c7 = 1.0 / 5040;
  constexpr ieee c8 = 1.0 / 40320, c9 = 1.0 / 362880, c10 = 1.0 / 3628800, c11 = 1.0 / 39916800;
  constexpr ieee c12 = 1.0 / 479001600, c13 = 1.0 / 6227020800, c14 = 1.0 / 87178291200;
  constexpr ieee c15 = 1.0 / 1307674368000, c16 = 1.0 / 20922789888000;
  constexpr ieee c17 = 1.0 / 355687428096000, c18 = 1.0 / 6402373705728000;
  const ieee u = z * z;
  const ieee odd =
      c3 + u * (c5 + u * (c7 + u * (c9 + u * (c11 + u * (c13 + u * (c15 + u * c17))))));
  const ieee even =
      c4 + u * (c6 + u * (c8 + u * (c10 + u * (c12 + u * (c14 + u * (c16 + u * c18))))));
  const ieee half = 0.5 * (z_hi * z_hi);  // exact
  const ieee hi = z_hi - half;
  return {hi,
          ((z_hi - hi) - half) + (z_lo * (1.0 - 0.5 * (z + z_hi)) + (u * z) * (odd - z * even))};
}

}}}  // namespace gradus::GRADUS_ABI::math
