#include <gradus/schedule/power_cool.hpp>
#include <gradus/schedule/shape/length_of.hpp>

#include <algorithm>
#include <cmath>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::PowerCool;
using gradus::step_t;

namespace {

static_assert(PowerCool<>{1, 0.25, 10, 1}(5) == 1);
static_assert(PowerCool<>{1, 0.25, 10, 1}(6) == 1);
static_assert(PowerCool<>{1, 0.25, 10, 1}(7) == 0.75);
static_assert(PowerCool<>{1, 0.25, 10, 1}(9) == 0.25);
static_assert(PowerCool<>{1, 0.25, 10, 1}(10) == 0);
static_assert(PowerCool<>{1, 0.25, 10, 1}(~step_t{0}) == 0);
static_assert(PowerCool<>{9, 0.5, 5, 2}(1) == 8);
static_assert(PowerCool<>{.start = 1, .last = 0.1, .steps = 9} == PowerCool<>{1, 0.1, 9, 1.2});
static_assert(PowerCool<>{.start = 1, .last = 0.1, .steps = 9} != PowerCool<>{1, 0.1, 9, 1});
static_assert(gradus::length_of(PowerCool<>{.start = 1, .last = 0.1, .steps = 9}) ==
              gradus::Length(9));

long double exact_power_cool(const PowerCool<>& s, step_t t) {
  const step_t n = s.steps.steps();
  if (t >= n) return 0;
  return std::fmin(exactly(s.start), exactly(s.last) * std::pow(exactly(n - t), exactly(s.power)));
}

}  // namespace

TEST_CASE("PowerCool conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return PowerCool<>{0.1, 1e-3, 100}; }, {0, 0.1, 100, falls, 100}, exact_power_cool);
  conforms([] { return PowerCool<>{0.1, 1e-5, 100}; }, {0, 0.1, 100, falls, 100}, exact_power_cool);
  conforms([] { return PowerCool<>{1, 0.5, 1}; }, {0, 1, 1, falls, 1}, exact_power_cool);
  conforms([] { return PowerCool<>{0, 0.5, 7}; }, {0, 0, 7, falls, 7}, exact_power_cool);
  conforms([] { return PowerCool<>{0.3, 1e-3, 50, 3.5}; }, {0, 0.3, 50, falls, 50},
           exact_power_cool);
  conforms([] { return PowerCool<>{1, 1e-30, huge - 1}; }, {0, 1, huge - 1, falls, huge - 1},
           exact_power_cool);
  conforms([] { return PowerCool<float>{0.1F, 1e-3F, 100}; },
           {0, conformance::wide(0.1F), 100, falls, 100});
  conformance::rounds_once(PowerCool<float>{0.1F, 1e-3F, 100},
                           PowerCool<>{conformance::wide(0.1F), conformance::wide(1e-3F), 100},
                           100);
}

TEST_CASE("PowerCool is within 2 ulp of its largest value", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    PowerCool<> s{r.rate(), r.rate() + 0x1p-30, r.length(), 16 * (1 - r.fraction())};
    const step_t n = s.steps.steps();
    // Half of the draws where it cools all the way.
    if (r.below(2) == 0) {
      const double most = std::pow(static_cast<double>(n), s.power);
      s.last = std::max(s.start / most, conformance::smallest_normal);
    }
    const step_t t = r.step_near(n);
    return conformance::Draw<PowerCool<>>{s, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_power_cool) <= 2);
}

TEST_CASE("PowerCool's cooldown is as long as its two rates say", "[schedule]") {
  const PowerCool<> s{.start = 0.01, .last = 1e-5, .steps = 1'000'000};
  const double cooling = std::pow(s.start / s.last, 1 / s.power);  // 316.2 steps
  const auto begin = 1'000'000 - static_cast<step_t>(cooling);
  CHECK(s(begin - 1) == 0.01);
  CHECK(s(begin) < 0.01);
  CHECK(s(999'999) == 1e-5);
  CHECK(s(1'000'000) == 0);
}

TEST_CASE("PowerCool refuses rates, lengths and powers that are none", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  CHECK(refusal(PowerCool<>{1, 0.1, {}}) == "gradus::PowerCool.steps must be given");
  CHECK(refusal(PowerCool<>{1, 0.1, 0}) == "gradus::PowerCool.steps must be > 0 (got 0)");
  CHECK(refusal(PowerCool<>{1, 0.1, -5}) == "gradus::PowerCool.steps must be > 0 (got -5)");
  CHECK(refusal(PowerCool<>{-1, 1, 1}) ==
        "gradus::PowerCool.start must be finite and >= 0 (got -1)");
  CHECK(refusal(PowerCool<>{nan, 1, 1}) ==
        "gradus::PowerCool.start must be finite and >= 0 (got nan)");
  CHECK(refusal(PowerCool<>{1, 0, 1}) == "gradus::PowerCool.last must be finite and > 0 (got 0)");
  CHECK(refusal(PowerCool<>{1, infinity, 1}) ==
        "gradus::PowerCool.last must be finite and > 0 (got inf)");
  for (const double& power : {0.0, -1.0, 16.5, infinity, nan})
    CHECK(refusal(PowerCool<>{1, 0.1, 9, power})
              .starts_with("gradus::PowerCool.power must be in (0, 16] (got "));
  CHECK(refusal(PowerCool<>{1, 0.1, gradus::last_step, 16}) == "");
}
