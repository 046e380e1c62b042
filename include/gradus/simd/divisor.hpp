// A divisor whose reciprocal is known, for a division without the processor's divider.
#pragma once

#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

/// A divisor for `divide_root`, the same for all elements and in [2^-27, 1]. `inverse` is its
/// reciprocal, rounded once. `below` is the next smaller number, and `rest`, which is positive, the
/// difference between the reciprocal and `below`.
template <class T>
struct Divisor {
  T value, inverse, below, rest;

  constexpr explicit Divisor(double x)
      : value(static_cast<T>(x)),
        inverse(static_cast<T>(static_cast<double>(1.0 / math::ieee(static_cast<double>(value))))),
        below(math::from_bits<T>(math::to_bits(inverse) - 1)),
        rest(static_cast<T>(remainder(static_cast<double>(value), static_cast<double>(below)))) {}
  constexpr bool operator==(const Divisor&) const = default;

 private:
  // 1 / b - q where q is next to 1 / b, with at least 20 correct bits.
  static constexpr double remainder(const double& b, const double& q) {
    const math::ieee b1 = math::head(b), b2 = b - b1, q1 = math::head(q), q2 = q - q1;
    return static_cast<double>((1.0 - b1 * q1 - b1 * q2 - b2 * q1 - b2 * q2) * q);
  }
};

}}}  // namespace gradus::GRADUS_ABI::simd
