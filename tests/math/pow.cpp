#include <gradus/math/pow.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "math/points.hpp"
#include "support/catch.hpp"

namespace math = gradus::math;

static_assert(math::pow(2, 10) == 1024 && math::pow(10, 22) == 1e22);
static_assert(math::pow(3, 33) == 5559060566555523);
static_assert(math::pow(2, 0.5) == 0x1.6a09e667f3bcdp+0 && math::pow(0.25, -0.5) == 2);
static_assert(math::pow(2, -1074) == 0x1p-1074 && math::pow(2, -1075) == 0);
static_assert(math::pow(0x1p-1074, -0.5) == 0x1p537 && math::pow(10, -310) == 1e-310);
static_assert(math::to_bits(math::pow(2, 1024)) == points::infinity_bits);
static_assert(math::pow(0, 0) == 1 && math::pow(0, 3) == 0 && math::pow(5, 0) == 1);
static_assert(math::is_nan(math::pow(-2, 2)));
static_assert(noexcept(math::pow(1, 1)));

TEST_CASE("math::pow is defined for every pair of doubles", "[math]") {
  volatile std::uint64_t hidden = points::infinity_bits;
  const std::uint64_t infinite = hidden, sign = math::sign_bit<double>;
  const double inf = points::from_bits(infinite), minus_inf = points::from_bits(sign | infinite);
  const double nan = points::from_bits(infinite + 1);
  const auto bits = [](double base, double y) { return points::bits(math::pow(base, y)); };
  const std::uint64_t one = points::bits(1.0);

  for (const double x : {0.0, -0.0, 0.5, 1.0, 2.0, -3.0, inf, nan}) {
    CHECK(bits(x, 0.0) == one);
    CHECK(bits(x, -0.0) == one);
  }
  for (const double y : {0.5, -2.0, 1e300, -1e300, inf, minus_inf, nan}) CHECK(bits(1, y) == one);
  for (const double y : {0.5, 3.0, 1e300, inf}) {
    CHECK(bits(0.0, y) == 0);
    CHECK(bits(-0.0, y) == 0);
    CHECK(bits(inf, y) == infinite);
    CHECK(bits(0.0, -y) == infinite);
    CHECK(bits(-0.0, -y) == infinite);
    CHECK(bits(inf, -y) == 0);
  }
  for (const double y : {0x1p64, 1e300, inf}) {
    CHECK(bits(1 - 0x1p-53, y) == 0);
    CHECK(bits(1 + 0x1p-52, y) == infinite);
    CHECK(bits(1 - 0x1p-53, -y) == infinite);
    CHECK(bits(1 + 0x1p-52, -y) == 0);
    CHECK(bits(5e-324, y) == 0);
  }
  for (const double y : {5e-324, 1e-300, 0x1p-70}) {
    CHECK(bits(1.7e308, y) == one);
    CHECK(bits(5e-324, -y) == one);
  }
  CHECK(bits(1.7e308, 1.8e19) == infinite);
  CHECK(bits(5e-324, 1.8e19) == 0);
  CHECK(math::is_nan(math::pow(-1.0, 0.5)));
  CHECK(math::is_nan(math::pow(minus_inf, 2)));
  CHECK(math::is_nan(math::pow(nan, 2)));
  CHECK(math::is_nan(math::pow(0.5, nan)));
  CHECK(math::is_nan(math::pow(0.0, nan)));
}

TEST_CASE("math::pow gives the same bits at compile time and at run time", "[math]") {
  constexpr auto known = [] {
    std::array<double, 64> r{};
    points::Generator g;
    for (double& z : r) {
      const double base = g.positive();
      z = math::pow(base, g.in(-2, 2));
    }
    return r;
  }();
  points::Generator g;
  for (const double z : known) {
    volatile double base = g.positive();
    volatile double y = g.in(-2, 2);
    CHECK(points::bits(math::pow(base, y)) == points::bits(z));
  }
}

TEST_CASE("math::pow is exact where the power is a double", "[math]") {
  for (int base = 2; base < 100; ++base) {
    double exact = 1;
    for (int n = 1; (exact *= base) < 0x1p53; ++n) {
      CHECK(math::pow(base, n) == exact);
      CHECK(math::pow(exact, 1.0) == exact);
    }
  }
  for (int n = -1074; n < 1024; ++n) {
    const int shift =
        n < -1022 ? n + 1074 : 52;  // bits, because -Ofast may flush the result of ldexp
    const std::uint64_t exact = std::uint64_t{n < -1022 ? 1U : unsigned(n + 1023)} << shift;
    CHECK(points::bits(math::pow(2, n)) == exact);
  }
}

TEST_CASE("math::pow never rises with the step, as a bias correction needs", "[math]") {
  for (const double beta : {0.5, 0.9, 0.99, 0.999, 0.9999, 1 - 0x1p-53}) {
    int wrong = 0;
    double before = 1;
    for (int n = 1; n <= 20'000; ++n) {
      const double power = math::pow(beta, n);
      wrong += points::bits(power) > points::bits(before);
      before = power;
    }
    CHECK(wrong == 0);
  }
}

#if defined(__MINGW32__)  // whose powl is wrong by up to 18 ulp of a double
constexpr bool powl_judges = false;
#else
constexpr bool powl_judges = points::long_double_judges;
#endif

TEST_CASE("math::pow is within 0.51 ulp", "[math]") {
  if constexpr (powl_judges) {
    points::Generator g;
    double steps = 0, general = 0;
    const auto ulps = [](double base, double y) {
      const long double exact =
          points::judge(::powl, static_cast<long double>(base), static_cast<long double>(y));
      const bool normal = exact >= 0x1p-1022L && exact < 0x1p1024L;
      return normal ? points::ulps(math::pow(base, y), exact) : 0;
    };
    for (int i = 0; i < 50'000; ++i) {
      const double beta = 1 - std::ldexp(g.in(0.5, 1), -(i % 20));
      steps = std::max(steps, ulps(beta, g.integer(1, 100'000)));
      const double base = i % 2 == 0 ? g.positive() : 1 + std::ldexp(g.in(-0.5, 0.5), -(i % 50));
      if (base == 1) continue;
      general = std::max(general, ulps(base, g.in(-745, 745) / math::log(base)));
    }
    CHECK(steps < 0.51);
    CHECK(general < 0.51);
  }
}

TEST_CASE("math::pow_dd sees the low piece of its base", "[math]") {
  using math::pow_dd;
  static_assert(pow_dd({3.0, 0.0}, 33) == 5559060566555523);
  static_assert(pow_dd({1.0, -0x1p-63}, 0x1p63) == math::exp(-1));
  static_assert(pow_dd({1.0, -0x1p-63}, 1e308) == 0);
  CHECK(pow_dd({0.0, 0.0}, 2) == 0);
  CHECK(pow_dd({1.0, 0.0}, 1e300) == 1);
  CHECK(math::is_nan(pow_dd({0.5, 0.0}, math::quiet_nan<double>())));
  if constexpr (points::long_double_judges) {
    points::Generator g;
    double worst = 0;
    for (int i = 0; i < 50'000; ++i) {
      const double below = std::ldexp(g.in(0.5, 1), -1 - i % 62);  // the base is 1 - below
      const double hi = 1 - below, lo = (1 - hi) - below, y = g.in(0.01, 40) / below;
      const long double log = points::judge(::log1pl, -static_cast<long double>(below));
      const long double exact = points::judge(::expl, static_cast<long double>(y) * log);
      const double amplified = -static_cast<double>(static_cast<long double>(y) * log);
      worst = std::max(worst, points::ulps(pow_dd({hi, lo}, y), exact) - amplified);
    }
    CHECK(worst < 0.51);
  }
}

TEST_CASE("math::pow has the same bits everywhere", "[math][digest]") {
  const auto anywhere = [](auto& g) {
    const double base = g.positive();
    return math::pow(base, static_cast<double>(math::ieee{g.in(-746, 710)} / math::log(base)));
  };
  CHECK(points::digest(anywhere) == 0xb4ae'ef55'8a7b'aa1eU);
  const auto bias = [](auto& g) {
    const double beta = g.in(0.9, 1);
    return math::pow(beta, g.integer(1, 100'000));
  };
  CHECK(points::digest(bias) == 0xe39b'28d5'7ddc'f3ccU);
}

TEST_CASE("math::one_minus_pow keeps the digits of what is left", "[math]") {
  if constexpr (points::long_double_judges) {
    points::Generator g;
    double worst = 0;
    for (int i = 0; i < 100'000; ++i) {
      const double base = 1 - std::ldexp(g.in(0.5, 1), -1 - (i % 52));
      const double y = -0.69 * g.in(0.001, 1) / std::log(base);
      const auto [hi, lo] = math::one_minus_pow({base, 0.0}, y);
      const long double got = static_cast<long double>(static_cast<double>(hi)) +
                              static_cast<long double>(static_cast<double>(lo));
      const long double exact =
          -std::expm1(static_cast<long double>(y) * std::log1p(static_cast<long double>(base - 1)));
      worst = std::max(worst, static_cast<double>(std::fabs(got / exact - 1)));
    }
    CHECK(worst < 0x1p-53);
  }
}
