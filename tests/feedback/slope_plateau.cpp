#include <gradus/feedback/slope_plateau.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using gradus::Goal;
using gradus::SlopePlateau;

namespace {
// Numbers without a trend, evenly spread: multiples of the golden ratio, modulo 1.
double noise(int i) { return std::fmod(i * 0.6180339887498949, 1.0) - 0.5; }
}  // namespace

TEST_CASE("A trend under noise is seen, its end too", "[feedback]") {
  SlopePlateau<200> plateau;
  int reduced = -1;
  for (int i = 0; i < 2000 && reduced < 0; ++i) {
    const double level = i < 1000 ? 10 - 0.005 * i : 5 + 1e-4 * (i - 1000);
    if (plateau(level + noise(i)) < 1) reduced = i;
  }
  // The rate stays while the metric falls, and falls soon after the window has left the slope.
  CHECK((reduced > 1050 && reduced <= 1200));
  CHECK(plateau.value() == Approx(0.1));
  CHECK(plateau.state.seen == 140);  // 60 were dropped
  SlopePlateau<200> up{.goal = Goal::max};
  for (int i = 0; i < 1000; ++i) up(0.005 * i + noise(i));
  CHECK(up.value() == 1);
  for (int i = 0; i < 400; ++i) up(5 + noise(i) - 1e-4 * i);
  CHECK(up.value() < 1);
}

TEST_CASE("Outliers hide no trend; what is no number is one", "[feedback]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  SlopePlateau<100> plateau;
  for (int i = 0; i < 500; ++i)
    plateau(i % 20 == 19 ? (i % 40 == 39 ? 1e6 * i : nan) : 10 - 0.01 * i + 0.1 * noise(i));
  CHECK(plateau.value() == 1);
  for (int i = 0; i < 100; ++i) plateau(nan);
  CHECK(plateau.value() < 1);
}

TEST_CASE("An exact line, and a level", "[feedback]") {
  SlopePlateau<10> falling{.factor = 0.5, .drop = 10}, level = falling;
  for (int i = 0; i < 50; ++i) {
    falling(-i), level(3);
    CHECK(falling.value() == 1);
    CHECK(level.value() == std::pow(0.5, (i + 1) / 10));
  }
  level.floor = 0.25;
  SlopePlateau<10> copy = level, restored{.factor = 0.5, .drop = 10, .floor = 0.25};
  restored.state = level.state;
  for (int i = 0; i < 20; ++i) {
    const double value = level(noise(i));
    CHECK((copy(noise(i)) == value && restored(noise(i)) == value));
  }
}

TEST_CASE("A slope plateau refuses bad fields", "[feedback]") {
  using S = SlopePlateau<10>;
  const auto says = [](S s, const char* sentence) {
    CHECK_THROWS_WITH(s.value(), sentence);  // before the first metric
    CHECK_THROWS_WITH(s(1), sentence);
    CHECK(s.state.since == 0);
  };
  says({.factor = 1}, "gradus::SlopePlateau.factor must be in (0, 1) (got 1)");
  says({.deviations = -1}, "gradus::SlopePlateau.deviations must be finite and >= 0 (got -1)");
  says({.drop = 0}, "gradus::SlopePlateau.drop must be in [1, Window] (got 0)");
  says({.drop = 11}, "gradus::SlopePlateau.drop must be in [1, Window] (got 11)");
  says({.start = 0}, "gradus::SlopePlateau.start must be finite and > 0 (got 0)");
  says({.floor = 2}, "gradus::SlopePlateau.floor must be <= start (got 2)");
  says({.state = {.seen = 11}}, "gradus::SlopePlateau.state.seen must be in [0, Window] (got 11)");
}
