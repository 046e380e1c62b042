#include <gradus/simd/limited.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace {
template <class T>
using Pack = gradus::simd::pack<gradus::simd::scalar, T>;
}

TEMPLATE_TEST_CASE("limited and squarable change nothing that is small enough", "[simd]", float,
                   double) {
  using T = TestType;
  using limits = std::numeric_limits<T>;
  const T largest = static_cast<T>(gradus::simd::most_squarable<T>);
  for (const T& x : {T{0}, -T{0}, T{1}, -T{1}, limits::denorm_min(), -largest, largest}) {
    CHECK(support::to_bits(limited(Pack<T>(x)).v) == support::to_bits(x));
    CHECK(support::to_bits(squarable(Pack<T>(x)).v) == support::to_bits(x));
  }
  CHECK(limited(Pack<T>(limits::max())).v == limits::max());
  CHECK(limited(Pack<T>(support::infinity<T>())).v == limits::max());
  CHECK(limited(Pack<T>(-support::infinity<T>())).v == -limits::max());
  CHECK(squarable(Pack<T>(limits::max())).v == largest);
  CHECK(squarable(Pack<T>(-support::infinity<T>())).v == -largest);
  CHECK(gradus::math::is_finite(T{255} * (largest * largest)));
  CHECK(gradus::math::is_nan(limited(Pack<T>(support::nan<T>())).v));
  CHECK(gradus::math::is_nan(squarable(Pack<T>(support::nan<T>())).v));
}
