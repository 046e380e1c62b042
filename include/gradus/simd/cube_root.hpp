// The cube root of a pack, out of its other operations.
#pragma once

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/simd/pack.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

/// The cube root of finite x >= 0, to 2 units in the last place.
template <class V>
GRADUS_KERNEL V cube_root(const V& x) {
  using T = typename V::value_type;
  // x^(1/4 + 1/16 + 1/64), for double + 1/256 + 1/1024: at most 1.8 times too large or small ...
  V root = x, y(T{1});
  for (int k = 0; k < (sizeof(T) == 4 ? 3 : 5); ++k) {
    root = sqrt(sqrt(root));
    y = y * root;
  }
  // ... and each step of Halley's leaves two thirds of the cube of the error.
  for (int k = 0; k < 3; ++k) {
    const V q = x / (y * y);
    y = y + y * ((q - y) / (y + y + q));
  }
  return select_less(V(T{0}), x, y, x);
}

}}}  // namespace gradus::GRADUS_ABI::simd
