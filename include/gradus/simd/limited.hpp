// Limits on the size of the numbers in a pack.
#pragma once

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/simd/pack.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

/// x, with infinity replaced by the largest finite number, and -infinity by its negative. A NaN
/// stays.
template <class I, class T>
GRADUS_KERNEL pack<I, T> limited(const pack<I, T>& x) {
  pack<I, T> r;
  I::template limited<T>(r.v, x.v);
  return r;
}

/// The largest number that rules square. A sum of 2^8 such squares does not overflow.
template <class T>
inline constexpr double most_squarable = sizeof(T) == 4 ? 0x1p60 : 0x1p508;

/// g, limited to [-most_squarable, most_squarable]. A NaN stays.
template <class V>
GRADUS_KERNEL V squarable(const V& g) {
  using T = typename V::value_type;
  constexpr T most = static_cast<T>(most_squarable<T>);
  return max(V(-most), min(V(most), g));
}

}}}  // namespace gradus::GRADUS_ABI::simd
