// Fractions of a length, and values between two ends, with more digits than a double has.
#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config/compiler.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/real.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// t / steps for t < steps and steps >= 2^53, rounded once. A long division computes it bit by bit,
/// so that neither operand is rounded; its last bit stands for all that would follow.
GRADUS_COLD constexpr double long_fraction(step_t t, step_t steps) noexcept {
  step_t quotient = 0;
  double unit = 1;
  for (; quotient >> 61 == 0 && t != 0; unit *= 0.5) {
    const step_t left = steps - t;  // t + t may overflow
    quotient = 2 * quotient + (t >= left ? 1 : 0);
    t = t >= left ? t - left : t + t;
  }
  return static_cast<double>(quotient | (t != 0 ? 1 : 0)) * unit;
}
/// t / steps in [0, 1], rounded once: 0 at 0, 1 from `steps` on.
GRADUS_NOINLINE constexpr double fraction(step_t t, step_t steps) noexcept {
  if (t >= steps) return 1.0;
  if (steps >> 53 != 0) return long_fraction(t, steps);
  return static_cast<double>(static_cast<double>(t) / math::ieee(static_cast<double>(steps)));
}

/// t / steps = hi + lo, where hi = fraction(t, steps), with an error of at most 2^-104 of it.
GRADUS_NOINLINE constexpr math::dd fraction_dd(step_t t, step_t steps) noexcept {
  const double x = fraction(t, steps);
  if (t == 0 || t >= steps) return {x, 0.0};
  // x = m / 2^k. The remainder t 2^k - m steps is at most steps / 2, so that computing it modulo
  // 2^64 gives its value.
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x), one = std::uint64_t{1} << 52;
  const std::uint64_t k = 1075 - (bits >> 52), m = bits % one + one;
  const auto left = static_cast<std::int64_t>((k < 64 ? t << k : 0) - m * steps);
  const math::ieee unit = std::bit_cast<double>((1023 - k) * one);
  return {x, static_cast<double>(left) / math::ieee(static_cast<double>(steps)) * unit};
}

/// a + b = hi + lo exactly, where hi is the rounded sum. Source: Knuth, The art of computer
/// programming, volume 2.
constexpr math::dd two_sum(math::ieee a, math::ieee b) noexcept {
  const math::ieee sum = a + b, rest = sum - a;
  return {sum, (a - (sum - rest)) + (b - rest)};
}

/// w times a factor. w.hi and the hi of the result have 26 bits.
constexpr math::dd times(const math::dd& w, const double& factor) noexcept {
  const math::ieee f = factor, f_hi = math::head(f), product = w.hi * f_hi;  // exact
  const math::ieee rest = w.hi * (f - f_hi) + w.lo * f, hi = math::head(product + rest);
  return {hi, (product - hi) + rest};
}

/// from + (to - from) * (w.hi + w.lo), where w.hi has 26 bits and w is in [0, 1]. The error before
/// the last rounding is below 2^-76 of (to - from) * w.
template <Real T>
GRADUS_NOINLINE constexpr T interpolate(T from, T to, const math::dd& w) noexcept {
  const math::ieee a = static_cast<double>(from), b = static_cast<double>(to);
  // The larger end first: the other order overflows if that is the largest double.
  const auto [d, d_rest] = from < to ? two_sum(b, -a) : two_sum(-a, b);
  const math::ieee d_hi = math::head(d);
  const auto [r, r_rest] = two_sum(a, d_hi * w.hi);  // the product is exact
  const math::ieee low = d_hi * w.lo + ((d - d_hi) + d_rest) * (w.hi + w.lo);
  return static_cast<T>(static_cast<double>(r + (r_rest + low)));
}

/// from + (to - from) * w for w in [0, 1]: exact at both ends, never beyond them, and monotone in
/// w, because the error before the last rounding is far below the distance between neighbouring w.
template <Real T>
GRADUS_NOINLINE constexpr T interpolate(T from, T to, const double& w) noexcept {
  if (w <= 0) return from;
  if (w >= 1) return to;
  const math::ieee hi = math::head(w);
  return interpolate<T>(from, to, math::dd{hi, w - hi});
}

}}}  // namespace gradus::GRADUS_ABI::detail
