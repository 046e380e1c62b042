// Arithmetic that makes no NaN where finite numbers overflow. It changes no bit of a result where
// nothing overflows.
#pragma once

#include <limits>

#include <gradus/config/compiler.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/real.hpp>
#include <gradus/simd/limited.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// A factor of numbers that may be infinite: 0 times infinity is 0, and a factor above 1 makes no
/// infinity of a finite number. All elements take the same branch, so that it costs very little.
template <Real T>
struct Factor {
  T value;
  bool plain;
  constexpr Factor(T x) noexcept  // NOLINT: implicit, so that kernels are made of numbers
      : value(x), plain(x != 0 && x <= 1 && x >= -1) {}
  template <class V>
  GRADUS_KERNEL friend V operator*(const Factor& a, const V& x) {
    if (!a.plain) [[unlikely]]
      return a.value == 0 ? a.value * limited(x) : limited(a.value * x);
    return a.value * x;
  }
};

/// The factor of a step, for `ratio`. It is `plain` if its product with a numerator cannot
/// overflow: if it is at most 1 and the numerator is `finite`.
template <Real T>
struct Size {
  T value;
  bool plain;
  constexpr Size(T x, bool finite = true) noexcept  // NOLINT: implicit
      : value(x), plain(finite && x <= 1) {}
};
/// size * x / root. An infinite x counts as the largest number. If only size * x overflows, the
/// division is made first.
template <Real T, class V>
GRADUS_KERNEL V ratio(const Size<T>& size, const V& x, const V& root) {
  if (!size.plain) [[unlikely]] {
    const V y = limited(x), r = size.value * y / root;
    return select_less(abs(r), V(math::positive_infinity<T>()), r, size.value * (y / root));
  }
  return size.value * x / root;
}

}}}  // namespace gradus::GRADUS_ABI::detail
