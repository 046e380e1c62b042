#include <gradus/math/powers.hpp>

#include <bit>
#include <cstdint>
#include <limits>

#include "support/catch.hpp"

using gradus::math::Powers;

namespace {

constexpr bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// Also at compile time.
constexpr double twice(double base, double y) {
  Powers powers;
  return powers(base, 1) < 2 ? powers(base, y) : 0;
}
static_assert(same(twice(0.9, 7), gradus::math::pow(0.9, 7)));

}  // namespace

TEST_CASE("Powers: the bits of pow, for bases that repeat and for more than it remembers",
          "[math]") {
  Powers powers;
  for (const int bases : {1, 2, 3, 4, 5, 9}) {
    for (int n = 1; n < 2000; ++n) {
      for (int k = 0; k < bases; ++k) {
        const double base = 1 - 0.1 / (k + n / 500 + 1);
        REQUIRE(same(powers(base, n), gradus::math::pow(base, n)));
        REQUIRE(same(powers.one_minus(base, n), 1 - gradus::math::pow(base, n)));
      }
    }
  }
}

TEST_CASE("Powers: the powers of a training that is continued elsewhere, or stands still",
          "[math]") {
  Powers powers;
  for (const double y :
       {1., 2., 2., 1., 3., 4., 5., 7., 6., 7., 8., 1e3, 0., 1., 0x1p53, 0x1p53, -1., 0.})
    for (const double base : {0.9, 0.999, 1.001}) {
      CAPTURE(base, y);
      CHECK(same(powers.one_minus(base, y), 1 - gradus::math::pow(base, y)));
      CHECK(same(powers(base, y), gradus::math::pow(base, y)));
    }
}

TEST_CASE("Powers: 1 - power, where the power is nearly 2^-54", "[math]") {
  Powers powers;
  for (const double base : {1e-300, 0.5, 0.9, 0.999, 0.9999999}) {
    const double log_base = static_cast<double>(gradus::math::log_dd(base).hi);
    for (double z = 36; z < 39; z += 0.001) {
      const double y = -z / log_base;
      CAPTURE(base, y);
      REQUIRE(same(powers.one_minus(base, y), 1 - gradus::math::pow(base, y)));
      REQUIRE(same(gradus::math::one_minus_power(base, y), 1 - gradus::math::pow(base, y)));
    }
  }
}

TEST_CASE("Powers: what is no usual power", "[math]") {
  const double infinity = std::numeric_limits<double>::infinity();
  Powers powers;
  for (const double base : {2.0, 0.0, -0.0, -1.0, 0.5, 1.0, 5e-324, infinity}) {
    for (const double y : {0.0, 1.0, -1.0, 40.0, -40.0, 0x1p64, -0x1p64, infinity, -infinity}) {
      CAPTURE(base, y);
      CHECK(same(powers(base, y), gradus::math::pow(base, y)));
      CHECK(same(powers.one_minus(base, y), 1 - gradus::math::pow(base, y)));
      CHECK(same(gradus::math::one_minus_power(base, y), 1 - gradus::math::pow(base, y)));
      CHECK(
          same(powers(base, y), gradus::math::pow(base, y)));  // from what it remembers, if it does
    }
  }
}
