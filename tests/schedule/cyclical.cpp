#include <gradus/schedule/cyclical.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Cycle;
using gradus::Cyclical;
using gradus::step_t;

namespace {

constexpr Cyclical<> triangle{.low = 0, .high = 1, .up = 4, .down = 2};
static_assert(triangle(0) == 0 && triangle(1) == 0.25 && triangle(2) == 0.5);
static_assert(triangle(4) == 1 && triangle(5) == 0.5 && triangle(6) == 0 && triangle(7) == 0.25);
static_assert(Cyclical<>{.low = 0, .high = 1, .up = 4}(6) == 0.5);  // down as long as up
static_assert(Cyclical<>{.low = 0, .high = 1, .up = 4} != triangle);
static_assert(Cyclical<>{.low = 1, .high = 0, .up = 4}.check());

long double exact_cyclical(const Cyclical<>& s, step_t t) {
  const step_t up = s.up.steps(), down = s.down.value == 0 ? up : s.down.steps();
  const step_t cycle = t / (up + down), x = t % (up + down);
  const long double low = exactly(s.low), high = exactly(s.high);
  const long double height =
      x <= up ? exactly(x) / exactly(up) : exactly(up + down - x) / exactly(down);
  long double factor = 1;
  if (s.shape == Cycle::triangular2)
    factor = std::scalbn(1.0L, -static_cast<int>(std::min(cycle, step_t{20'000})));
  if (s.shape == Cycle::exp_range) factor = std::pow(exactly(s.factor), exactly(t));
  return low + (high - low) * height * factor;
}

}  // namespace

TEST_CASE("Cyclical conforms", "[schedule]") {
  using conformance::conforms;
  using enum Cycle;
  constexpr step_t huge = (step_t{1} << 60) - 1;
  conforms([] { return Cyclical<>{1e-4, 1e-2, 20, 30}; }, {1e-4, 1e-2, 50}, exact_cyclical);
  conforms([] { return Cyclical<>{0.1, 0.9, 7}; }, {0.1, 0.9, 14}, exact_cyclical);
  conforms([] { return Cyclical<>{0, 1.99, 1, 1}; }, {0, 1.99, 2}, exact_cyclical);
  conforms([] { return Cyclical<>{0.3, 0.3, 5}; }, {0.3, 0.3, 10, {}, 0}, exact_cyclical);
  conforms([] { return Cyclical<>{0.1, 1.9, huge, huge}; }, {0.1, 1.9, 2 * huge}, exact_cyclical);
  conforms([] { return Cyclical<>{1e-4, 1e-2, 20, 30, triangular2}; }, {1e-4, 1e-2, 50},
           exact_cyclical);
  conforms([] { return Cyclical<>{0, 1.9, 3, 4, triangular2}; }, {0, 1.9, 7}, exact_cyclical);
  conforms([] { return Cyclical<>{1e-4, 1e-2, 20, 30, exp_range, 0.99}; }, {1e-4, 1e-2, 50},
           exact_cyclical);
  conforms([] { return Cyclical<>{0.5, 1.5, 3, 1, exp_range, 1 - 1e-9}; }, {0.5, 1.5, 4},
           exact_cyclical);
  conforms([] { return Cyclical<float>{0.1F, 0.9F, 7, 9, triangular2}; },
           {conformance::wide(0.1F), conformance::wide(0.9F), 16});
  for (const Cycle shape : {triangular, triangular2, exp_range})
    conformance::rounds_once(
        Cyclical<float>{0.1F, 0.9F, 7, 9, shape, 0.97},
        Cyclical<>{conformance::wide(0.1F), conformance::wide(0.9F), 7, 9, shape, 0.97}, 16);
}

TEST_CASE("Cyclical is within 2 ulp of its high", "[schedule]") {
  for (const Cycle shape : {Cycle::triangular, Cycle::triangular2, Cycle::exp_range}) {
    CAPTURE(shape);
    const auto draw = [shape](conformance::Random& r) {
      const double a = r.rate(), b = r.rate();
      const step_t up = r.length(), down = r.length() * r.below(2);
      const step_t period = up + (down == 0 ? up : down);
      const step_t t = r.step_near(period) + (r.below(2) == 0 ? 0 : period / 2 * r.below(8));
      const double factor = std::exp(-4 * r.fraction() / static_cast<double>(t | 1));
      const Cyclical<> s{std::min(a, b), std::max(a, b), up, down, shape, factor};
      return conformance::Draw<Cyclical<>>{s, t, s.high};
    };
    CHECK(conformance::worst_error(draw, exact_cyclical) <= 2);
  }
}

TEST_CASE("Cyclical is in the right cycle on every boundary", "[schedule]") {
  for (const step_t up : {1U, 2U, 3U, 7U, 49U, 1'000U})
    for (const step_t down : {1U, 3U, 10U}) {
      const Cyclical<> s{.low = 0.25, .high = 0.7, .up = up, .down = down};
      const Cyclical<> halving{0.25, 0.75, up, down, Cycle::triangular2};
      for (const step_t cycle : {0U, 1U, 2U, 3U, 5U, 6U, 7U, 49U, 50U, 51U}) {
        CAPTURE(up, down, cycle);
        const step_t begin = cycle * (up + down);
        CHECK(s(begin) == 0.25);
        CHECK(s(begin + up) == 0.7);
        CHECK(s(begin + up + down) == 0.25);
        CHECK(halving(begin) == 0.25);
        CHECK(halving(begin + up) == 0.25 + std::ldexp(0.5, -static_cast<int>(cycle)));
      }
    }
}

TEST_CASE("Cyclical knows its place beyond 2^53 steps", "[schedule]") {
  const Cyclical<> s{.low = 0, .high = 1, .up = 4, .down = 1};
  for (const int k : {53, 54, 60, 62, 63})
    for (step_t t = (step_t{1} << k) - 5; t <= (step_t{1} << k) + 5; ++t) {
      CAPTURE(t);
      CHECK(s(t) == static_cast<double>(t % 5) / 4);
    }
}

TEST_CASE("Cyclical: triangular2 goes on past cycle 1025", "[schedule]") {
  const Cyclical<> s{.low = 0, .high = 1, .up = 3, .down = 2, .shape = Cycle::triangular2};
  const Cyclical<> above{.low = 1e-4, .high = 1, .up = 3, .down = 2, .shape = Cycle::triangular2};
  for (step_t cycle = 0; cycle <= 1'022; ++cycle)  // the smallest normal number
    CHECK(s(5 * cycle + 3) == std::ldexp(1, -static_cast<int>(cycle)));
  for (const step_t cycle : {1'023U, 1'024U, 1'025U, 1'026U, 1'074U, 1'075U, 1'000'000U}) {
    CAPTURE(cycle);
    CHECK(s(5 * cycle + 3) >= 0);
    CHECK(s(5 * cycle + 3) < conformance::smallest_normal);
    CHECK(above(5 * cycle + 3) == 1e-4);
  }
}

TEST_CASE("Cyclical: exp_range falls with every step, not with every cycle", "[schedule]") {
  const Cyclical<> s{
      .low = 0, .high = 1, .up = 2, .down = 2, .shape = Cycle::exp_range, .factor = 0.5};
  CHECK(s(1) == 0.5 * 0.5);
  CHECK(s(2) == 1 * 0.25);
  CHECK(s(6) == 1 * 0x1p-6);
  CHECK(s(7) == 0.5 * 0x1p-7);
}

TEST_CASE("Cyclical refuses what is no cycle", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  const auto with_factor = [](double f) { return Cyclical<>{0, 1, 5, 5, Cycle::exp_range, f}; };
  CHECK(refusal(Cyclical<>{-1, 1, 5}) == "gradus::Cyclical.low must be finite and >= 0 (got -1)");
  CHECK(refusal(Cyclical<>{nan, 1, 5}) == "gradus::Cyclical.low must be finite and >= 0 (got nan)");
  CHECK(refusal(Cyclical<>{0, nan, 5}) ==
        "gradus::Cyclical.high must be finite and >= 0 (got nan)");
  CHECK(refusal(Cyclical<>{0, infinity, 5}) ==
        "gradus::Cyclical.high must be finite and >= 0 (got inf)");
  CHECK(refusal(Cyclical<>{0.5, 0.25, 5}) == "gradus::Cyclical.high must be >= low (got 0.25)");
  CHECK(refusal(Cyclical<>{0, 1, 0}) == "gradus::Cyclical.up must be > 0 (got 0)");
  CHECK(refusal(Cyclical<>{0, 1, -3}) == "gradus::Cyclical.up must be > 0 (got -3)");
  CHECK(refusal(Cyclical<>{0, 1, 5, -3}) == "gradus::Cyclical.down must be >= 0 (got -3)");
  CHECK(refusal(Cyclical<>{0, 1, 5, step_t{2} - 3}) ==
        "gradus::Cyclical.down must be >= 0 (got -1)");
  CHECK(refusal(with_factor(0)) == "gradus::Cyclical.factor must be in (0, 1] (got 0)");
  CHECK(refusal(with_factor(1.25)) == "gradus::Cyclical.factor must be in (0, 1] (got 1.25)");
  CHECK(refusal(with_factor(nan)) == "gradus::Cyclical.factor must be in (0, 1] (got nan)");
  CHECK(refusal(Cyclical<>{0.5, 0.5, 5}).empty());
}
