#include <gradus/simd/scalar.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::simd::scalar;

// pack.cpp compares the results of the operations with those of plain C++.
TEMPLATE_TEST_CASE("scalar: the result may stand where an operand does", "[simd]", float, double) {
  using T = TestType;
  T x = 3, y = 4;
  scalar::add(x, x, y);
  CHECK(x == 7);
  scalar::sub(y, x, y);
  CHECK(y == 3);
  scalar::div(x, y, x);
  CHECK(x == T{3} / 7);
  scalar::mul(x, x, x);
  CHECK(x == (T{3} / 7) * (T{3} / 7));
  scalar::sqrt(y, y);
  CHECK(y == std::sqrt(T{3}));
  scalar::select_less(x, y, x, x, y);
  CHECK(x == std::sqrt(T{3}));
}

TEMPLATE_TEST_CASE("scalar: a root of a negative number is NaN, of -0 it is -0", "[simd]", float,
                   double) {
  using T = TestType;
  T r = 0;
  scalar::sqrt(r, T{-1});
  CHECK(gradus::math::is_nan(r));
  scalar::sqrt(r, -T{0});
  CHECK(support::to_bits(r) == gradus::math::sign_bit<T>);
}
