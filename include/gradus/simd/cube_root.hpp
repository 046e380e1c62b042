// The cube root of a pack, computed from its other operations.
#pragma once

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/simd/pack.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

/// The cube root of a finite x >= 0; the error is at most 2 units in the last place.
template <class V>
GRADUS_KERNEL V cube_root(const V& x) {
  using T = typename V::value_type;
  // Square roots give y = x^(1/4 + 1/16 + 1/64), for double x^(1/4 + ... + 1/1024), which is wrong
  // by a factor of at most 1.8.
  V root = x, y(T{1});
  for (int k = 0; k < (sizeof(T) == 4 ? 3 : 5); ++k) {
    root = sqrt(sqrt(root));
    y = y * root;
  }
  // A step of Halley's method turns a relative error e into 2/3 e^3.
  for (int k = 0; k < 3; ++k) {
    const V q = x / (y * y);
    y = y + y * ((q - y) / (y + y + q));
  }
  return select_less(V(T{0}), x, y, x);
}

}}}  // namespace gradus::GRADUS_ABI::simd
