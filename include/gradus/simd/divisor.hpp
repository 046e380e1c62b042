// A divisor whose reciprocal is known, for a division without the processor's divider.
#pragma once

#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

namespace detail {
/// 1 / b - q where q is next to 1 / b, with at least 20 correct bits.
template <class T>
constexpr T rest_of_inverse(T divisor, T below) noexcept {
  const math::ieee b = static_cast<double>(divisor), q = static_cast<double>(below);
  if constexpr (sizeof(T) == 4) {
    return static_cast<T>(static_cast<double>((1.0 - b * q) * q));  // the first product is exact
  } else {
    const math::ieee b1 = math::head(b), b2 = b - b1, q1 = math::head(q), q2 = q - q1;
    return static_cast<T>(static_cast<double>((1.0 - b1 * q1 - b1 * q2 - b2 * q1 - b2 * q2) * q));
  }
}
}  // namespace detail

/// A divisor for `divide_root`, the same for all elements and in [2^-27, 1]. `inverse` is its
/// reciprocal, rounded once. `below` is the next smaller number, and `rest`, which is positive, the
/// difference between the reciprocal and `below`.
template <class T>
struct Divisor {
  T value = 1, inverse = 1, below = below_1, rest = rest_1;

  constexpr explicit Divisor(double x) {
    if (x == 1) return;  // as all corrections are in time: then a step does not wait for this
    value = static_cast<T>(x);
    inverse = static_cast<T>(static_cast<double>(1.0 / math::ieee(static_cast<double>(value))));
    below = math::from_bits<T>(math::to_bits(inverse) - 1);
    rest = detail::rest_of_inverse(value, below);
  }
  constexpr bool operator==(const Divisor&) const = default;

 private:
  static constexpr T below_1 = math::from_bits<T>(math::to_bits(T{1}) - 1);
  static constexpr T rest_1 = detail::rest_of_inverse(T{1}, below_1);
};

}}}  // namespace gradus::GRADUS_ABI::simd
