// The natural logarithm, constexpr, with the same bits on every platform.
#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

/// log(x) = hi + lo, where hi has 26 bits, |lo| < 2^-22 |hi|, and the error is below 2^-73 |log x|.
///
///   x = 2^(k/16) m,  s = (m - 1)/(m + 1),  log x = k (ln 2)/16 + 2 (s + s^3/3 + s^5/5 + ...)
///
/// Domain: 0 < x < infinity, including subnormal numbers.
/// Source: Tang, Table-driven implementation of the logarithm function, ACM TOMS 16(4), 1990. The
/// splitting of s follows fdlibm's e_pow.c (Sun Microsystems, 1993).
GRADUS_NOINLINE constexpr dd log_dd(double x) noexcept {
  // A subnormal x is scaled by integer arithmetic on its exponent, so that flags which flush
  // subnormal numbers to 0 have no effect.
  auto bits = static_cast<std::int64_t>(to_bits(x));
  if (bits >> 52 == 0) {
    const int shift = std::countl_zero(static_cast<std::uint64_t>(bits)) - 11;
    bits = (bits << shift) - (std::int64_t{shift} << 52);
  }
  // k is nearly 16 log2(x): log2(1 + f) is f + 0.344 f (1 - f) with an error below 0.009, so
  // |k - 16 log2(x)| < 0.65 and |s| < 0.0141.
  const std::int64_t linear = (bits - (std::int64_t{1023} << 52)) >> 40;  // 4096 (exponent + f)
  const std::int64_t f = linear & 4095;
  const std::int64_t k = (16 * linear + ((f * (4096 - f) * 11) >> 13) + 2048) >> 12;

  const ieee z = std::bit_cast<double>(bits - ((k >> 4) << 52));  // in [0.97, 2)
  const auto [c, c_lo] = exp2_sixteenths[k & 15];

  // With q = 2s/3 and u = s^2, log m = q (3 + u + r), and no constant needs more than 53 bits.
  // q = q_hi + q_lo with q_lo = left/d; q_hi has 24 bits, so that q_hi d_hi, 9/4 q_hi^2 and
  // q_hi t_hi are exact.
  const ieee d = 1.5 * (z + (c + c_lo));
  const ieee d_hi = head(d);
  const ieee d_lo = (((1.5 * c - d_hi) + z) + 0.5 * z) + 1.5 * c_lo;
  const ieee n = z - c;  // exact, Sterbenz
  const ieee q = (n - c_lo) / d;
  const ieee q_hi = head<24>(q);
  const ieee left = (n - q_hi * d_hi) - (q_hi * d_lo + c_lo);

  // r = 3 u^2 (1/5 + u/7 + u^2/9 + u^3/11). The first term that is left out, u^6 3/13, is below
  // 2^-75.
  // 3 + u + r = t_hi + t_lo + slope q_lo.
  constexpr ieee r2 = 3.0 / 5, r3 = 3.0 / 7, r4 = 3.0 / 9, r5 = 3.0 / 11;
  const ieee u = 2.25 * (q * q);
  const ieee r = (u * u) * ((r2 + u * r3) + (u * u) * (r4 + u * r5));
  const ieee t_hi = head(3.0 + (u + r));
  const ieee t_lo = (2.25 * (q_hi * q_hi) - (t_hi - 3.0)) + r;
  const ieee slope = 2.25 * (q + q_hi);

  // `left` is known late, because it depends on a division; so few operations depend on it.
  const ieee whole = static_cast<double>(k);
  const ieee base = whole * ln2_sixteenth.hi;  // exact; either 0 or larger than the terms below
  const ieee rest = q_hi * t_hi;               // exact
  const ieee hi = head(base + q * t_hi);
  const ieee early = (q * t_lo + whole * ln2_sixteenth.lo) - ((hi - base) - rest);
  return {hi, left * ((t_hi + q * slope) / d) + early};
}

/// The natural logarithm.
///
///   log(x)
///
/// Domain: x > 0. log(0) = -infinity, log(infinity) = infinity; a negative x or NaN gives NaN.
/// Cost: two divisions, about 60 other operations, and the table of 16 powers of two in dd.hpp.
/// Accuracy: within 0.50001 ulp. Compared with MPFR at 10^7 random x, the largest error was
/// 0.5000001 ulp.
/// Source: log_dd, rounded once.
constexpr double log(double x) noexcept {
  const std::uint64_t bits = to_bits(x);
  if (bits - 1 >= infinity_bits<double> - 1) {
    if (bits << 1 == 0) return from_bits<double>(sign_bit<double> | infinity_bits<double>);
    return bits == infinity_bits<double> ? positive_infinity<double>() : quiet_nan<double>();
  }
  const auto [hi, lo] = log_dd(x);
  return static_cast<double>(hi + lo);
}

}}}  // namespace gradus::GRADUS_ABI::math
