#include <gradus/math/cospi.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "math/points.hpp"
#include "support/catch.hpp"

namespace math = gradus::math;

static_assert(math::cospi(0) == 1 && math::cospi(0.5) == 0 && math::cospi(1) == -1);
static_assert(math::cospi(0.25) == 0x1.6a09e667f3bcdp-1 && math::cospi(0.75) == -math::cospi(0.25));
static_assert(math::cospi(-0.0) == 1 && math::cospi(-2) == 1 && math::cospi(1.5) == -1);
static_assert(math::cospi(1.0 / 3) == 0.5 && math::cospi(0x1p-1074) == 1);
static_assert(noexcept(math::cospi(0)));

TEST_CASE("math::cospi clamps, and gives NaN for NaN", "[math]") {
  volatile std::uint64_t infinite = points::infinity_bits;
  const std::uint64_t sign = math::sign_bit<double>;
  CHECK(math::cospi(points::from_bits(infinite)) == -1);
  CHECK(math::cospi(points::from_bits(infinite | sign)) == 1);
  CHECK(math::cospi(std::nextafter(1.0, 2.0)) == -1);
  CHECK(math::is_nan(math::cospi(points::from_bits(infinite + 1))));
  CHECK(math::is_nan(math::cospi(points::from_bits((infinite + 1) | sign))));
}

TEST_CASE("math::cospi gives the same bits at compile time and at run time", "[math]") {
  constexpr auto at = [](int i) { return static_cast<double>(i) / 37; };
  constexpr auto known = [at] {
    std::array<double, 38> r{};
    for (int i = 0; i < 38; ++i) r[static_cast<std::size_t>(i)] = math::cospi(at(i));
    return r;
  }();
  for (int i = 0; i < 38; ++i) {
    volatile double numerator = i;
    const double x = static_cast<double>(math::ieee{numerator} / 37.0);
    CHECK(points::bits(math::cospi(x)) == points::bits(known[static_cast<std::size_t>(i)]));
  }
}

TEST_CASE("math::cospi never rises and stays within [-1, 1]", "[math]") {
  int wrong = 0;
  for (int part = 0; part < 400;
       ++part) {  // runs of neighbouring doubles in all parts of the range
    double x = part < 200 ? part / 200.0 : std::ldexp(1.0, -(part - 200) / 3);
    for (int i = 0; i < 200; ++i) x = std::nextafter(x, -1.0);
    double before = 1;
    for (int i = 0; i < 400; ++i, x = std::nextafter(x, 2.0)) {
      const double y = math::cospi(x);
      wrong += y > before || y < -1;
      before = y;
    }
  }
  double before = 1;
  for (int i = 0; i <= 100'000; ++i) {
    const double y = math::cospi(i / 1e5);
    wrong += y > before || y < -1;
    before = y;
  }
  CHECK(wrong == 0);
}

TEST_CASE("math::cospi is symmetric", "[math]") {
  points::Generator g;
  for (int i = 0; i < 1'000; ++i) {
    const double x = g.integer(0, 1U << 30) * 0x1p-30;
    CHECK(math::cospi(x) == -math::cospi(1 - x));
  }
}

TEST_CASE("math::cospi is within 0.6 * 2^-53 of the cosine", "[math]") {
  if constexpr (points::long_double_judges) {
    constexpr long double pi = 3.14159265358979323846264338327950288L;
    points::Generator g;
    double worst = 0;
    for (int i = 0; i < 100'000; ++i) {
      const double x = i % 4 == 0 ? std::ldexp(g.in(0.5, 1), -(i % 60)) : g.in(0, 1);
      const auto wide = static_cast<long double>(x);  // the differences below are exact
      const long double exact = x <= 0.25  ? points::judge(::cosl, pi * wide)
                                : x < 0.75 ? points::judge(::sinl, pi * (0.5L - wide))
                                           : -points::judge(::cosl, pi * (1 - wide));
      const long double error = std::fabs(static_cast<long double>(math::cospi(x)) - exact);
      worst = std::max(worst, static_cast<double>(error));
    }
    CHECK(worst < 0.6 * 0x1p-53);
  }
}

TEST_CASE("math::cospi has the same bits everywhere", "[math][digest]") {
  CHECK(points::digest([](auto& g) { return math::cospi(g.in(0, 1)); }) == 0xc859'8b1a'4c30'0f83U);
}

TEST_CASE("math::sinpi_quarter_squared is the square of the sine to 2^-55", "[math]") {
  if constexpr (points::long_double_judges) {
    constexpr long double pi = 3.14159265358979323846264338327950288L;
    points::Generator g;
    double worst = 0;
    for (int i = 0; i < 100'000; ++i) {
      const double x = std::ldexp(g.in(0.5, 1), -1 - (i % 60)) / 2,
                   rest = x * g.in(-1, 1) * 0x1p-53;
      const auto [hi, lo] = math::sinpi_quarter_squared({x, rest});
      const long double got = static_cast<long double>(static_cast<double>(hi)) +
                              static_cast<long double>(static_cast<double>(lo));
      const long double sine = points::judge(
          ::sinl, pi * (static_cast<long double>(x) + static_cast<long double>(rest)));
      worst = std::max(worst, static_cast<double>(std::fabs(got / (sine * sine) - 1)));
    }
    CHECK(worst < 0x1p-55);
  }
}
