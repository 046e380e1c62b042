// The cosine of a multiple of pi, constexpr, with the same bits on every platform.
#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

/// pi t = hi + lo for |t| <= 1/4, where hi has 26 bits and the relative error is below 2^-76.
constexpr dd times_pi(ieee t) noexcept {
  constexpr ieee pi = 0x1.921fb58p+1, pi_lo = -0x1.dde973dcb3b3ap-26;  // 26 bits, and pi to 2^-80
  const ieee t_hi = head(t);
  const ieee product = t_hi * pi;  // exact
  const ieee hi = head(product);
  return {hi, (product - hi) + ((t - t_hi) * pi + t * pi_lo)};
}

/// cos(pi t) for |t| <= 1/4. 1 - w^2/2 is in two pieces, so that all rounding errors but the last
/// are below 2^-56.
constexpr ieee cospi_quarter(ieee t) noexcept {
  constexpr ieee c4 = 1.0 / 24, c6 = -1.0 / 720, c8 = 1.0 / 40320, c10 = -1.0 / 3628800;
  constexpr ieee c12 = 1.0 / 479001600, c14 = -1.0 / 87178291200, c16 = 1.0 / 20922789888000;
  constexpr ieee c18 = -1.0 / 6402373705728000;  // w^20/20! is below 2^-68
  const auto [w_hi, w_lo] = times_pi(t);
  const ieee w = w_hi + w_lo;
  const ieee u = w * w;
  const ieee p = c4 + u * (c6 + u * (c8 + u * (c10 + u * (c12 + u * (c14 + u * (c16 + u * c18))))));
  const ieee half = 0.5 * (w_hi * w_hi);  // exact
  const ieee hi = 1.0 - half;
  return hi + (((1.0 - hi) - half) + ((u * u) * p - w_lo * (0.5 * (w + w_hi))));
}

/// sin(w) = hi + lo for w = angle.hi + angle.lo, |w| <= pi/4, where angle.hi has 26 bits. w - w^3/6
/// is in two pieces, so that the relative rounding errors are below 2^-57.
constexpr dd sin_quarter(dd angle) noexcept {
  constexpr ieee c3 = -1.0 / 6, c5 = 1.0 / 120, c7 = -1.0 / 5040, c9 = 1.0 / 362880;
  constexpr ieee c11 = -1.0 / 39916800, c13 = 1.0 / 6227020800, c15 = -1.0 / 1307674368000;
  constexpr ieee c17 = 1.0 / 355687428096000;  // w^19/19! is below 2^-63
  const auto [w_hi, w_lo] = angle;
  const ieee w = w_hi + w_lo;
  const ieee u = w * w;
  const ieee p = c5 + u * (c7 + u * (c9 + u * (c11 + u * (c13 + u * (c15 + u * c17)))));
  const ieee square = w_hi * w_hi;                               // exact
  const ieee a = head<24>(square * c3);                          // -w^2/6 = a + b
  const ieee b = c3 * ((square + 6.0 * a) + w_lo * (w + w_hi));  // the sum with 6 a is exact
  const ieee fall = w_hi * a;                                    // exact
  const ieee hi = w_hi + fall;
  return {hi, ((w_hi - hi) + fall) + ((w_lo + w_lo * a) + w * (b + (u * u) * p))};
}
/// sin(pi t) for |t| <= 1/4.
constexpr ieee sinpi_quarter(ieee t) noexcept {
  const auto [hi, lo] = sin_quarter(times_pi(t));
  return hi + lo;
}
/// sin(pi (t.hi + t.lo))^2 = hi + lo for |t| <= 1/4, where hi has 26 bits and the relative error is
/// below 2^-55.
GRADUS_NOINLINE constexpr dd sinpi_quarter_squared(dd t) noexcept {
  const auto [w_hi, w_lo] = times_pi(t.hi);
  const auto [a, b] = sin_quarter({w_hi, w_lo + t.lo * 3.141592653589793});
  const ieee s = a + b, s_hi = head(s);
  const ieee square = s_hi * s_hi;                  // exact
  const ieee rest = ((a - s_hi) + b) * (s + s_hi);  // (s_hi + x)^2 = s_hi^2 + x (s_hi + s)
  const ieee hi = head(square + rest);
  return {hi, (square - hi) + rest};
}

/// The cosine of pi x.
///
///   cospi(x) = cos(pi x)
///
/// Domain: x in [0, 1]; other numbers are clamped to it, and NaN gives NaN. The result never rises
/// as x grows.
/// Cost: about 40 operations, without a division, a call or a table.
/// Accuracy: the error is below 0.6 * 2^-53. Compared with MPFR at 10^7 random x, the largest error
/// was 0.591 * 2^-53.
/// Source: Cody, Waite, Software Manual for the Elementary Functions, 1980; Taylor series.
GRADUS_NOINLINE constexpr double cospi(double x) noexcept {
  const std::uint64_t bits = to_bits(x);
  if (is_nan(x)) return quiet_nan<double>();
  if (bits >= std::bit_cast<std::uint64_t>(1.0)) return bits < sign_bit<double> ? -1.0 : 1.0;
  // Each difference below is exact (Sterbenz).
  if (x <= 0.25) return static_cast<double>(cospi_quarter(x));
  if (x < 0.75) return static_cast<double>(sinpi_quarter(0.5 - ieee{x}));
  return static_cast<double>(-cospi_quarter(1.0 - ieee{x}));
}

}}}  // namespace gradus::GRADUS_ABI::math
