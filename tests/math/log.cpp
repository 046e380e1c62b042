#include <gradus/math/log.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "math/points.hpp"
#include "support/catch.hpp"

namespace math = gradus::math;

static_assert(math::log(1) == 0 && math::log(2) == 0x1.62e42fefa39efp-1);
static_assert(math::log(10) == 0x1.26bb1bbb55516p+1 && math::log(0.5) == -math::log(2));
static_assert(math::log(0x1p-1074) == -0x1.74385446d71c3p+9);
static_assert(math::log(1 + 0x1p-52) == 0x1.fffffffffffffp-53);
static_assert(math::to_bits(math::log(0)) == (math::sign_bit<double> | points::infinity_bits));
static_assert(math::is_nan(math::log(-1)));
static_assert(noexcept(math::log(1)));

TEST_CASE("math::log is defined for every double", "[math]") {
  volatile std::uint64_t infinite = points::infinity_bits;
  const std::uint64_t sign = math::sign_bit<double>;
  volatile double zero = 0;
  CHECK(points::bits(math::log(zero)) == (sign | infinite));
  CHECK(points::bits(math::log(-zero)) == (sign | infinite));
  CHECK(points::bits(math::log(points::from_bits(infinite))) == infinite);
  CHECK(math::is_nan(math::log(points::from_bits(infinite | sign))));
  CHECK(math::is_nan(math::log(points::from_bits(sign | 1))));
  CHECK(math::is_nan(math::log(points::from_bits(infinite + 1))));
}

TEST_CASE("math::log gives the same bits at compile time and at run time", "[math]") {
  constexpr auto known = [] {
    std::array<double, 64> r{};
    points::Generator g;
    for (double& y : r) y = math::log(g.positive());
    return r;
  }();
  points::Generator g;
  for (const double y : known) {
    volatile double hidden = g.positive();
    CHECK(points::bits(math::log(hidden)) == points::bits(y));
  }
}

TEST_CASE("math::log never falls", "[math]") {
  int wrong = 0;
  for (int part = -1070; part < 1023; ++part) {
    double x = std::ldexp(1 + std::fabs(part % 29 / 29.0), part), before = math::log(x);
    for (int i = 0; i < 50; ++i) {
      x = std::nextafter(x, 1e308);
      const double y = math::log(x);
      wrong += y < before;
      before = y;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("math::log is within 0.501 ulp", "[math]") {
  if constexpr (points::long_double_judges) {
    points::Generator g;
    double worst = 0;
    for (int i = 0; i < 100'000; ++i) {
      const double near_one = 1 + std::ldexp(g.in(-0.5, 0.5), -(i % 52));
      const double x = i % 3 == 0 ? g.positive() : i % 3 == 1 ? g.in(0x1p-20, 4) : near_one;
      if (x == 1) continue;
      const long double exact = points::judge(::logl, static_cast<long double>(x));
      worst = std::max(worst, points::ulps(math::log(x), exact));
    }
    CHECK(worst < 0.501);
  }
}

TEST_CASE("math::log has the same bits everywhere", "[math][digest]") {
  CHECK(points::digest([](auto& g) { return math::log(g.positive()); }) == 0x3dc0'44ad'df3b'0df1U);
  CHECK(points::digest([](auto& g) { return math::log(g.in(0, 2)); }) == 0xd8f9'ee7d'4128'49e7U);
}
