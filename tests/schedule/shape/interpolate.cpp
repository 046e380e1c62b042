#include <gradus/schedule/shape/interpolate.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using conformance::Random;
using gradus::step_t;
using gradus::detail::fraction;
using gradus::detail::fraction_dd;
using gradus::detail::interpolate;
using gradus::detail::two_sum;

namespace {

static_assert(fraction(0, 1) == 0 && fraction(0, ~step_t{0}) == 0);
static_assert(fraction(1, 1) == 1 && fraction(7, 7) == 1 && fraction(8, 7) == 1);
static_assert(fraction(0, 0) == 1 && fraction(~step_t{0}, 5) == 1);
static_assert(fraction(1, 4) == 0.25 && fraction(2, 3) == 2.0 / 3);
static_assert(fraction(gradus::last_step / 2, gradus::last_step) == 0.5);
static_assert(fraction(step_t{1} << 63, ~step_t{0}) == 0.5);

static_assert(interpolate<double>(0.1, 0.7, 0) == 0.1 && interpolate<double>(0.1, 0.7, 1) == 0.7);
static_assert(interpolate<float>(0.1F, 0.7F, 0) == 0.1F &&
              interpolate<float>(0.1F, 0.7F, 1) == 0.7F);
static_assert(interpolate<double>(1, 3, 0.25) == 1.5 && interpolate<double>(3, 1, 0.25) == 2.5);
static_assert(interpolate<double>(0.1, 0.1, 0.3) == 0.1);
static_assert(interpolate<double>(1, 2, -1) == 1 && interpolate<double>(1, 2, 2) == 2);

double opaque(double x) {
  volatile double hidden = x;
  return hidden;
}

}  // namespace

TEST_CASE("fraction is the quotient, rounded once", "[interpolate]") {
  if (!conformance::long_double_judges()) return;
  Random random;
  double worst = 0;
  bool divides = true;
  for (int i = 0; i < GRADUS_TEST_DRAWS; ++i) {
    const step_t steps = random.length(), t = random.below(steps);
    const long double exact = exactly(t) / exactly(steps);
    const double got = fraction(t, steps);
    worst = std::max(worst, static_cast<double>(std::fabs(exactly(got) - exact)));
    if (steps >> 53 == 0)
      divides = divides && got == static_cast<double>(t) / opaque(static_cast<double>(steps));
  }
  CHECK(divides);
  CHECK(worst <= 0x1p-54 + 0x1p-64);
  CHECK(worst > 0);
}

TEST_CASE("fraction keeps its digits where it is small", "[interpolate]") {
  static_assert(fraction(1, (step_t{1} << 63) - 1) == 0x1p-63);
  static_assert(fraction(3, step_t{1} << 62) == 0x3p-62);
  if (!conformance::long_double_judges()) return;
  Random random;
  double worst = 0;
  for (int i = 0; i < GRADUS_TEST_DRAWS; ++i) {
    const step_t steps = (step_t{1} << 53) + random.length(), t = 1 + random.step() % steps;
    const long double exact = exactly(t) / exactly(steps);
    worst = std::max(worst, conformance::ulps(fraction(t, steps), exact, fraction(t, steps)));
  }
  CHECK(worst <= 0.5005);
}

TEST_CASE("fraction_dd is the quotient in two pieces", "[interpolate]") {
  static_assert(static_cast<double>(fraction_dd(0, 3).lo) == 0 &&
                static_cast<double>(fraction_dd(3, 3).lo) == 0);
  static_assert(static_cast<double>(fraction_dd(1, 3).lo) == 0x1p-54 / 3);
  static_assert(static_cast<double>(fraction_dd((step_t{1} << 62) - 1, step_t{1} << 62).lo) ==
                -0x1p-62);
  Random random;
  for (int i = 0; i < 20'000; ++i) {
    const step_t steps = random.step() | 1, t = random.below(steps);
    const auto [hi, lo] = fraction_dd(t, steps);
    CAPTURE(t, steps);
    const double high = static_cast<double>(hi), low = static_cast<double>(lo);
    CHECK(high == fraction(t, steps));
    CHECK(std::fabs(low) <= 0x1p-53 * high);
    // The fractions from both sides add up to 1.
    const auto [rest, rest_lo] = fraction_dd(steps - t, steps);
    const auto [sum, error] = two_sum(high, rest);
    const double missing = static_cast<double>(((sum - 1.0) + error) + (lo + rest_lo));
    CHECK(std::fabs(missing) <= 0x1p-104);
  }
}

TEST_CASE("fraction never falls, and is 1 at the end alone", "[interpolate]") {
  Random random;
  for (int i = 0; i < 20'000; ++i) {
    const step_t steps = random.length() + 2, t = random.below(steps - 1);
    CAPTURE(t, steps);
    CHECK(fraction(t, steps) <= fraction(t + 1, steps));
    if (steps >> 53 == 0) CHECK(fraction(t, steps) < fraction(t + 1, steps));
    CHECK(fraction(steps, steps) == 1);
    if (steps >> 53 == 0) CHECK(fraction(steps - 1, steps) < 1);
  }
}

TEST_CASE("two_sum loses nothing", "[interpolate]") {
  if (!conformance::long_double_judges()) return;
  Random random;
  bool inexact = false;
  for (int i = 0; i < 20'000; ++i) {
    const double a = random.rate(), b = (random.below(2) == 0 ? 1 : -1) * a * random.rate();
    const auto [hi, lo] = two_sum(a, b);
    const auto high = static_cast<double>(hi), low = static_cast<double>(lo);
    CAPTURE(a, b);
    CHECK(high == opaque(a) + opaque(b));
    const long double rest = (exactly(a) - exactly(high)) + exactly(b);
    CHECK(std::fabs(exactly(low) - rest) <= 0x1p-63L * std::fabs(exactly(high)));
    CHECK(std::fabs(low) <= 0x1p-53 * std::fabs(high));
    inexact = inexact || low != 0;
  }
  CHECK(inexact);
}

TEST_CASE("interpolate is within a rounding of the line", "[interpolate]") {
  if (!conformance::long_double_judges()) return;
  Random random;
  double worst = 0;
  for (int i = 0; i < GRADUS_TEST_DRAWS; ++i) {
    const double from = random.rate(), to = random.rate(), w = random.fraction();
    if (from == 0 && to == 0) continue;
    const long double a = exactly(from), b = exactly(to);
    const double got = interpolate<double>(from, to, w);
    worst = std::max(worst, conformance::ulps(got, a + (b - a) * exactly(w), std::max(from, to)));
  }
  CHECK(worst < 0.502);
  CHECK(worst > 0.4);
}

TEMPLATE_TEST_CASE("interpolate stays between its ends, exact there, and monotone", "[interpolate]",
                   float, double) {
  using T = TestType;
  Random random;
  for (int i = 0; i < 20'000; ++i) {
    const T from = static_cast<T>(random.rate());
    const T to = i % 2 == 0
                     ? static_cast<T>(random.rate())
                     : from * (1 + std::numeric_limits<T>::epsilon() * static_cast<T>(i % 9));
    const double w = random.fraction(), next = std::nextafter(w, 1);
    CAPTURE(from, to, w);
    const T a = interpolate<T>(from, to, w), b = interpolate<T>(from, to, next);
    CHECK(a >= std::min(from, to));
    CHECK(a <= std::max(from, to));
    CHECK((from <= to ? a <= b : a >= b));
    CHECK(interpolate<T>(from, to, 0) == from);
    CHECK(interpolate<T>(from, to, 1) == to);
  }
}

TEST_CASE("interpolate stays between subnormal ends, and where they are close", "[interpolate]") {
  Random random;
  const auto tiny = [&] { return gradus::math::from_bits<double>(random.next() >> 12); };
  for (int i = 0; i < 20'000; ++i) {
    const double from = i % 2 == 0 ? tiny() : 1 + tiny(), w = 1 - std::ldexp(1.0 + i % 9, -53);
    const double to = gradus::math::from_bits<double>(conformance::bits(from) + random.below(99));
    CAPTURE(from, to, w);
    for (const double at : {w, 1 - w}) {
      const double up = interpolate<double>(from, to, at), down = interpolate<double>(to, from, at);
      CHECK((from <= up && up <= to));
      CHECK((from <= down && down <= to));
    }
  }
}

TEST_CASE("interpolate takes the largest rates there are", "[interpolate]") {
  using conformance::largest_double;
  for (const double w : {0.0, 0x1p-60, 0.3, 0.5, 1 - 0x1p-53, 1.0}) {
    CAPTURE(w);
    for (const double other : {0.0, 1.0, largest_double / 3, largest_double}) {
      const double up = interpolate<double>(other, largest_double, opaque(w));
      const double down = interpolate<double>(largest_double, other, opaque(w));
      CHECK(gradus::math::is_finite(up));
      CHECK(gradus::math::is_finite(down));
      CHECK((up >= other && down >= other));
    }
  }
}

TEST_CASE("interpolate is finite up to the largest double", "[interpolate]") {
  const double largest = conformance::largest_double;
  conformance::Random random;
  for (int i = 0; i < 100'000; ++i) {
    const double other = largest * random.fraction(), w = random.fraction();
    const double down = interpolate<double>(largest, other, w);
    const double up = interpolate<double>(other, largest, w);
    REQUIRE((down >= other && down <= largest && up >= other && up <= largest));
  }
}
