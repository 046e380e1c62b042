#include <gradus/math/exp.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "math/points.hpp"
#include "support/catch.hpp"

namespace math = gradus::math;

static_assert(math::exp(0) == 1 && math::exp(-0.0) == 1 && math::exp(1) == 0x1.5bf0a8b145769p+1);
static_assert(math::exp(-1) == 0x1.78b56362cef38p-2 && math::exp(0x1p-60) == 1);
static_assert(math::exp(0x1.62e42fefa39efp-1) == 2);
static_assert(math::to_bits(math::exp(0x1.62e42fefa39efp+9)) == 0x7fef'ffff'ffff'ff2aU);
static_assert(math::to_bits(math::exp(0x1.62e42fefa39fp+9)) == points::infinity_bits);
static_assert(math::exp(-0x1.74910d52d3051p+9) == 0x1p-1074);
static_assert(math::exp(-0x1.74910d52d3052p+9) == 0);
static_assert(noexcept(math::exp(0)));

TEST_CASE("math::exp is defined for every double", "[math]") {
  volatile std::uint64_t infinite = points::infinity_bits;
  volatile double huge = 1.7e308, small = 5e-324;
  CHECK(points::bits(math::exp(points::from_bits(infinite))) == infinite);
  CHECK(points::bits(math::exp(huge)) == infinite);
  CHECK(points::bits(math::exp(710.0)) == infinite);
  CHECK(points::bits(math::exp(points::from_bits(infinite | math::sign_bit<double>))) == 0);
  CHECK(points::bits(math::exp(-huge)) == 0);
  CHECK(points::bits(math::exp(-746.0)) == 0);
  CHECK(math::exp(small) == 1);
  CHECK(math::exp(-small) == 1);
  CHECK(math::is_nan(math::exp(points::from_bits(infinite + 1))));
}

TEST_CASE("math::exp gives the same bits at compile time and at run time", "[math]") {
  constexpr auto known = [] {
    std::array<double, 75> r{};
    double x = -740;
    for (double& y : r) y = math::exp(x), x += 19.53125;
    return r;
  }();
  double x = -740;
  for (const double y : known) {
    volatile double hidden = x;
    CHECK(points::bits(math::exp(hidden)) == points::bits(y));
    x += 19.53125;
  }
}

TEST_CASE("math::exp never falls", "[math]") {
  int wrong = 0;
  for (int part = -745; part < 710; ++part) {
    double x = part * 0.999, before = 0;
    for (int i = 0; i < 50; ++i, x = std::nextafter(x, 1e3)) {
      const double y = math::exp(x);
      wrong += points::bits(y) < points::bits(before);
      before = y;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("math::exp is within 0.51 ulp", "[math]") {
  if constexpr (points::long_double_judges) {
    points::Generator g;
    double worst = 0;
    for (int i = 0; i < 100'000; ++i) {
      const double x = i % 2 == 0 ? g.in(-708, 709.7) : std::ldexp(g.in(-8, 8), -(i % 64));
      const long double exact = points::judge(::expl, static_cast<long double>(x));
      worst = std::max(worst, points::ulps(math::exp(x), exact));
    }
    CHECK(worst < 0.51);
  }
}

TEST_CASE("math::exp rounds subnormal results once", "[math]") {
  if constexpr (points::long_double_judges) {
    points::Generator g;
    int wrong = 0;
    for (int i = 0; i < 10'000; ++i) {
      const double x = g.in(-746, -708.5);
      const long double exact = points::judge(::expl, static_cast<long double>(x));
      const long double steps = std::scalbn(exact, 1074);
      const auto got = static_cast<long double>(points::bits(math::exp(x)));
      wrong += std::fabs(got - steps) > 0.501L;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("math::exp has the same bits everywhere", "[math][digest]") {
  CHECK(points::digest([](auto& g) { return math::exp(g.in(-746, 710)); }) ==
        0x58e8'7f40'3597'cc72U);
  CHECK(points::digest([](auto& g) { return math::exp(g.in(-1, 1)); }) == 0xbf79'cee2'1104'1857U);
}
