// What keeps NaN out of a rule where finite numbers overflow. Nothing here changes a bit of a
// result where nothing overflows.
#pragma once

#include <limits>

#include <gradus/config/compiler.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/real.hpp>
#include <gradus/simd/limited.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// A factor of something that may be infinite: 0 times that is 0, and a product by a factor above 1
/// is limited. The branch is one that all elements take alike.
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

/// Whether a * x + b * y is at most the largest number for any finite x and y, as rounded: a mean.
template <Real T>
constexpr bool is_mean(T a, T b) noexcept {
  constexpr double most = static_cast<double>(std::numeric_limits<T>::max() / 4);
  const T first = static_cast<T>(static_cast<double>(math::ieee(static_cast<double>(a)) * most));
  const T second = static_cast<T>(static_cast<double>(math::ieee(static_cast<double>(b)) * most));
  const math::ieee sum = math::ieee(static_cast<double>(first)) + static_cast<double>(second);
  return static_cast<double>(static_cast<T>(static_cast<double>(sum))) <= most;
}

/// A step's size, for `ratio`: whether its product with a numerator, `finite` or not, may overflow
/// is the same for all elements.
template <Real T>
struct Size {
  T value;
  bool plain;
  constexpr Size(T x, bool finite = true) noexcept  // NOLINT: implicit
      : value(x), plain(finite && x <= 1) {}
};
/// size * x / root; an x that is infinite counts as the largest number, and a product that
/// overflows does not matter where the quotient does not.
template <Real T, class V>
GRADUS_KERNEL V ratio(const Size<T>& size, const V& x, const V& root) {
  if (!size.plain) [[unlikely]] {
    const V y = limited(x), r = size.value * y / root;
    return select_less(abs(r), V(math::positive_infinity<T>()), r, size.value * (y / root));
  }
  return size.value * x / root;
}

}}}  // namespace gradus::GRADUS_ABI::detail
