#include <gradus/simd/divisor.hpp>

#include <cmath>

#include "support/catch.hpp"

// divide_root.cpp tests the division.
TEST_CASE("A divisor knows its reciprocal, rounded once", "[simd]") {
  static_assert(gradus::simd::Divisor<float>(0.5).inverse == 2);
  static_assert(gradus::simd::Divisor<double>(0.1).inverse == 1 / 0.1);
  static_assert(gradus::simd::Divisor<float>(0.1).inverse == 10);  // of the float next to 0.1
  static_assert(gradus::simd::Divisor<float>(1.0).inverse == 1);
}

TEMPLATE_TEST_CASE("The pieces of a divisor's reciprocal are positive and make it up", "[simd]",
                   float, double) {
  for (const double x : {1.0, 0.5, 0.1, 0.3, 0x1p-27, 1.0 - 0x1p-53, 0x1.fffffep-3}) {
    const gradus::simd::Divisor<TestType> d(x);
    CAPTURE(x);
    CHECK(d.below < d.inverse);
    CHECK(d.rest > 0);
    const long double whole = 1.0L / static_cast<long double>(d.value);
    const long double error =
        static_cast<long double>(d.below) + static_cast<long double>(d.rest) - whole;
    CHECK(std::fabs(error / whole) < (sizeof(TestType) == 4 ? 0x1p-46L : 0x1p-62L));
  }
}
