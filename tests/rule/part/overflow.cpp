#include <gradus/rule/part/overflow.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::detail::Factor;
using gradus::detail::Size;

namespace {
template <class T>
using Pack = gradus::simd::pack<gradus::simd::scalar, T>;
}

TEMPLATE_TEST_CASE("A factor of 0 makes infinity 0, and one above 1 no infinity", "[rule]", float,
                   double) {
  using T = TestType;
  const Pack<T> infinite(support::infinity<T>()), largest(std::numeric_limits<T>::max());
  CHECK(support::to_bits((Factor<T>(T{0}) * infinite).v) == support::to_bits(T{0}));
  CHECK((Factor<T>(T{4}) * largest).v == largest.v);
  const T nan = std::numeric_limits<T>::quiet_NaN();
  CHECK_FALSE(gradus::math::is_finite((Factor<T>(T{0}) * Pack<T>(nan)).v));
  CHECK((Factor<T>(T{0.5}) * infinite).v == infinite.v);
  CHECK((Factor<T>(T{-3}) * Pack<T>(T{5})).v == T{-15});
}

TEMPLATE_TEST_CASE("A ratio is finite where its numerator and its product are not", "[rule]", float,
                   double) {
  using T = TestType;
  const T most = std::numeric_limits<T>::max();
  const Pack<T> infinite(support::infinity<T>());
  CHECK(ratio(Size<T>(T{8}), Pack<T>(most), infinite).v == 0);
  CHECK(ratio(Size<T>(T{8}), Pack<T>(most), Pack<T>(most)).v == T{8});
  CHECK(ratio(Size<T>(T{0.5}, false), infinite, infinite).v == 0);
  CHECK(ratio(Size<T>(T{0.5}), Pack<T>(T{3}), Pack<T>(T{4})).v == T{0.375});
  CHECK(gradus::math::is_nan(ratio(Size<T>(T{8}), Pack<T>(support::nan<T>()), infinite).v));
}
