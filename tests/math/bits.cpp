#include <gradus/math/bits.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"

namespace math = gradus::math;

namespace {

constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest = std::numeric_limits<double>::denorm_min();

static_assert(math::is_finite(0.0) && math::is_finite(-0.0F) && math::is_finite(largest));
static_assert(math::is_finite(smallest) && !math::is_nan(largest) && !math::is_nan(-smallest));
static_assert(!math::is_finite(math::positive_infinity<double>()) &&
              !math::is_nan(math::positive_infinity<double>()));
static_assert(!math::is_finite(math::quiet_nan<float>()) && math::is_nan(math::quiet_nan<float>()));
static_assert(math::is_positive(smallest) && math::is_positive(1.0F) && !math::is_positive(-1.0));
static_assert(!math::is_positive(0.0) && !math::is_positive(-0.0F));
static_assert(math::to_bits(math::positive_infinity<float>()) == 0x7f80'0000U);
static_assert(math::largest<float>() == std::numeric_limits<float>::max());
static_assert(math::largest<double>() == largest);
static_assert(math::to_bits(math::quiet_nan<double>()) == 0x7ff8'0000'0000'0000U);
static_assert(math::to_bits(1.0) == 0x3ff0'0000'0000'0000U && math::to_bits(-0.0F) == 0x8000'0000U);
static_assert(math::from_bits<double>(1) == smallest && math::from_bits<float>(0x3f80'0000U) == 1);

// Not from numeric_limits: under -Ofast a compiler may assume anything about an infinity that it
// sees.
template <class T>
T opaque(math::bits_t<T> bits) {
  volatile math::bits_t<T> hidden = bits;
  return math::from_bits<T>(hidden);
}

}  // namespace

TEMPLATE_TEST_CASE("math::is_finite and is_nan tell the truth under every flag", "[math]", float,
                   double) {
  using T = TestType;
  constexpr auto infinite = math::infinity_bits<T>;
  constexpr auto sign = math::sign_bit<T>;
  for (const auto s : {math::bits_t<T>{0}, sign}) {
    CHECK(math::is_finite(opaque<T>(s)));
    CHECK(math::is_finite(opaque<T>(s | 1)));
    CHECK(math::is_finite(opaque<T>(s | (infinite - 1))));
    CHECK_FALSE(math::is_nan(opaque<T>(s | (infinite - 1))));
    CHECK_FALSE(math::is_finite(opaque<T>(s | infinite)));
    CHECK_FALSE(math::is_nan(opaque<T>(s | infinite)));
    CHECK(math::is_positive(opaque<T>(s | (infinite - 1))) == (s == 0));
    CHECK_FALSE(math::is_positive(opaque<T>(s | infinite)));
    CHECK_FALSE(math::is_above_zero(opaque<T>(s)));
    CHECK(math::is_above_zero(opaque<T>(s | 1)) == (s == 0));
    CHECK(math::is_above_zero(opaque<T>(s | infinite)) == (s == 0));
    CHECK_FALSE(math::is_above_zero(opaque<T>(s | (infinite + 1))));
    CHECK_FALSE(math::is_positive(opaque<T>(s | (infinite + 1))));
    CHECK(math::is_nan(opaque<T>(s | (infinite + 1))));
    CHECK(math::is_nan(opaque<T>(s | (infinite | (infinite >> 1)))));
    CHECK_FALSE(math::is_finite(opaque<T>(s | (sign - 1))));
  }
}

TEST_CASE("math::is_finite sees what arithmetic has made", "[math]") {
  volatile double big = largest;
  volatile double zero = 0;
  const double product = big * big;
  const double difference = product - product * 2;
  CHECK_FALSE(math::is_finite(product));
  CHECK_FALSE(math::is_finite(difference));
  CHECK_FALSE(math::is_finite(1 / zero));
  CHECK(math::is_finite(big * zero));
  volatile float big_float = std::numeric_limits<float>::max();
  CHECK_FALSE(math::is_finite(big_float * 2));
}

TEST_CASE("math::to_bits and from_bits are inverse", "[math]") {
  for (std::uint64_t high = 0; high < 4096; ++high) {
    const std::uint64_t bits = (high << 52) | (high * 0x9e37'79b9'7f4aU);
    if (!math::is_nan(opaque<double>(bits))) CHECK(math::to_bits(opaque<double>(bits)) == bits);
  }
}
