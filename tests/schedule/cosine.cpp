#include <gradus/schedule/cosine.hpp>

#include <numbers>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Cosine;
using gradus::step_t;

namespace {

static_assert(Cosine<>{.start = 1, .end = 0.1, .steps = 100}(0) == 1);
static_assert(Cosine<>{.start = 1, .end = 0.1, .steps = 100}(100) == 0.1);
static_assert(Cosine<>{.start = 1, .end = 0, .steps = 100}(50) == 0.5);
static_assert(Cosine<>{.start = 1, .steps = 100}(25) + Cosine<>{.start = 1, .steps = 100}(75) == 1);
static_assert(Cosine<>{.start = 1, .steps = 9} == Cosine<>{1, 0, 9});
static_assert(Cosine<>{.start = 1, .steps = 9} != Cosine<>{1, 0, 8});
static_assert(Cosine<>{.start = 1, .steps = 0}.check());

long double exact(const Cosine<>& s, step_t t) {
  const long double start = exactly(s.start), end = exactly(s.end);
  if (t >= s.steps.steps()) return end;
  const long double at = exactly(t) / exactly(s.steps.steps());
  return end + (start - end) * (1 + std::cos(std::numbers::pi_v<long double> * at)) / 2;
}

}  // namespace

TEST_CASE("Cosine conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Cosine<>{0.1, 1e-5, 100}; }, {1e-5, 0.1, 100, falls, 100}, exact);
  conforms([] { return Cosine<>{1e-3, 0, 12'345}; }, {0, 1e-3, 12'345, falls, 12'345}, exact);
  conforms([] { return Cosine<>{0.1, 0.7, 33}; }, {0.1, 0.7, 33, rises, 33}, exact);
  conforms([] { return Cosine<>{0.3, 0.3, 10}; }, {0.3, 0.3, 10, any, 0}, exact);
  conforms([] { return Cosine<>{1, 0.5, 1}; }, {0.5, 1, 1, falls, 1}, exact);
  conforms([] { return Cosine<>{1.9, 0.1, huge - 1}; }, {0.1, 1.9, huge - 1, falls, huge - 1},
           exact);
  conforms([] { return Cosine<float>{0.1F, 1e-5F, 100}; },
           {conformance::wide(1e-5F), conformance::wide(0.1F), 100, falls, 100});
  conformance::rounds_once(Cosine<float>{0.1F, 1e-5F, 100},
                           Cosine<>{conformance::wide(0.1F), conformance::wide(1e-5F), 100}, 100);
}

TEST_CASE("Cosine is within 2 ulp of its larger end", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const Cosine<> s{r.rate(), r.rate(), r.length()};
    const step_t t = r.step_near(s.steps.steps());
    return conformance::Draw<Cosine<>>{s, t, std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(draw, exact) <= 2);
}

TEST_CASE("Cosine has exact ends, for every length", "[schedule]") {
  conformance::Random random;
  for (int i = 0; i < 1'000; ++i) {
    const Cosine<> s{random.rate(), random.rate(), random.length()};
    CAPTURE(s.start, s.end, s.steps.value);
    CHECK(s(0) == s.start);
    CHECK(s(s.steps.steps()) == s.end);
  }
}

TEST_CASE("Cosine does not climb again past its end", "[schedule]") {
  const Cosine<> s{.start = 1, .end = 0.1, .steps = 10};
  for (const step_t t : {10U, 11U, 15U, 19U, 20U, 21U, 40U}) CHECK(s(t) == 0.1);
}

TEST_CASE("Cosine counts exactly beyond 2^53", "[schedule]") {
  constexpr step_t steps = (step_t{1} << 62) + 2;
  const Cosine<> s{.start = 1, .end = 0, .steps = steps};
  CHECK(s(steps / 2) == 0.5);
  CHECK(s(steps / 3) == Approx(0.75).epsilon(1e-15));
  CHECK(s(steps) == 0);
}

TEST_CASE("Cosine refuses rates and lengths that are none", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  CHECK(refusal(Cosine<>{1, 0, 0}) == "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK(refusal(Cosine<>{1, 0, -5}) == "gradus::Cosine.steps must be > 0 (got -5)");
  CHECK(refusal(Cosine<>{1, 0, std::size_t{3} - 5}) == "gradus::Cosine.steps must be > 0 (got -2)");
  CHECK(refusal(Cosine<>{1, 0, step_t{1} << 63}) ==
        "gradus::Cosine.steps must be > 0 (got -9.22337204e+18)");
  CHECK(refusal(Cosine<>{-1, 0, 1}) == "gradus::Cosine.start must be finite and >= 0 (got -1)");
  CHECK(refusal(Cosine<>{nan, 0, 1}) == "gradus::Cosine.start must be finite and >= 0 (got nan)");
  CHECK(refusal(Cosine<>{1, -0.25, 1}) == "gradus::Cosine.end must be finite and >= 0 (got -0.25)");
  CHECK(refusal(Cosine<>{1, infinity, 1}) ==
        "gradus::Cosine.end must be finite and >= 0 (got inf)");
  CHECK(refusal(Cosine<>{nan, nan, 0}) == "gradus::Cosine.start must be finite and >= 0 (got nan)");
  CHECK(refusal(Cosine<float>{1, 0, 0}) == "gradus::Cosine.steps must be > 0 (got 0)");
}
