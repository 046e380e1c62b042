#include <gradus/schedule/step_decay.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::step_t;
using gradus::StepDecay;

namespace {

static_assert(StepDecay<>{.start = 0.1, .every = 30, .factor = 0.1}(0) == 0.1);
static_assert(StepDecay<>{.start = 1, .every = 30, .factor = 0.5}(30) == 0.5);
static_assert(StepDecay<>{.start = 1, .every = 30} == StepDecay<>{1, 30, 0.1});
static_assert(StepDecay<>{.start = 1, .every = 30} != StepDecay<>{1, 31});
static_assert(StepDecay<>{.start = 1, .every = 30, .floor = 0.05}(60) == 0.05);
static_assert(StepDecay<>{.start = 1, .every = 0}.check());

long double exact_step_decay(const StepDecay<>& s, step_t t) {
  return std::max(exactly(s.start) * std::pow(exactly(s.factor), exactly(t / s.every.steps())),
                  exactly(s.floor));
}

}  // namespace

TEST_CASE("StepDecay conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return StepDecay<>{0.1, 30, 0.1}; }, {0, 0.1, 30, falls}, exact_step_decay);
  conforms([] { return StepDecay<>{0.3, 1, 0.999}; }, {0, 0.3, 1'000, falls}, exact_step_decay);
  conforms([] { return StepDecay<>{1, 100, 1 - 0x1p-40}; }, {0, 1, 100, falls}, exact_step_decay);
  conforms([] { return StepDecay<>{2, step_t{1} << 61, 0.7}; }, {0, 2, step_t{1} << 61, falls},
           exact_step_decay);
  conforms([] { return StepDecay<>{0.1, 7, 1}; }, {0.1, 0.1, 7, any, 0}, exact_step_decay);
  conforms([] { return StepDecay<>{1, 7, 0.1, 1e-2}; }, {1e-2, 1, 7, falls, 21}, exact_step_decay);
  conforms([] { return StepDecay<>{0, 7, 0.5}; }, {0, 0, 7, any, 0});
  conforms([] { return StepDecay<float>{0.1F, 30, 0.1}; }, {0, conformance::wide(0.1F), 30, falls});
  conformance::rounds_once(StepDecay<float>{0.1F, 30, 0.97},
                           StepDecay<>{conformance::wide(0.1F), 30, 0.97}, 30);
}

TEST_CASE("StepDecay is within 2 ulp of its start", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t drops = r.length(), every = 1 + r.step() % (gradus::last_step / (drops + 1));
    const double factor = std::exp(-4 * r.fraction() / static_cast<double>(drops));
    const step_t t = drops * every + r.below(every);
    const StepDecay<> s{r.rate(), every, factor};
    return conformance::Draw<StepDecay<>>{s, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_step_decay) <= 2);
}

TEST_CASE("StepDecay drops at t = every, not a step sooner or later", "[schedule]") {
  constexpr step_t beyond_double = (step_t{1} << 53) + 1;
  for (const step_t every : {step_t{1}, step_t{3}, step_t{30}, beyond_double}) {
    CAPTURE(every);
    const StepDecay<> s{.start = 1, .every = every, .factor = 0.5};
    for (step_t drops = 1; drops < 60; ++drops) {
      CHECK(s(drops * every - 1) == std::ldexp(2, -static_cast<int>(drops)));
      CHECK(s(drops * every) == std::ldexp(1, -static_cast<int>(drops)));
    }
  }
}

TEST_CASE("StepDecay: the rate is halved every 5 epochs", "[schedule]") {
  const StepDecay<> s{.start = 0.1, .every = 5, .factor = 0.5};
  for (const step_t epoch : {0U, 1U, 4U}) CHECK(s(epoch) == 0.1);
  for (const step_t epoch : {5U, 9U}) CHECK(s(epoch) == 0.05);
  for (const step_t epoch : {10U, 14U}) CHECK(s(epoch) == 0.025);
  CHECK(s(15) == 0.0125);
}

TEST_CASE("StepDecay: a tenth every 20 epochs, in steps", "[schedule]") {
  const StepDecay<> s{.start = 0.1, .every = 20 * 390, .factor = 0.1};
  CHECK(s(20 * 390 - 1) == 0.1);
  CHECK(s(20 * 390) == Approx(0.01).epsilon(1e-15));
  CHECK(s(40 * 390) == Approx(0.001).epsilon(1e-15));
  CHECK(s(60 * 390) == Approx(0.0001).epsilon(1e-15));
}

TEST_CASE("StepDecay refuses what divides by zero or is no factor", "[schedule]") {
  using conformance::refusal;
  const auto nan = conformance::nan();
  CHECK(refusal(StepDecay<>{nan, 1}) ==
        "gradus::StepDecay.start must be finite and >= 0 (got nan)");
  CHECK(refusal(StepDecay<>{-1, 1}) == "gradus::StepDecay.start must be finite and >= 0 (got -1)");
  CHECK(refusal(StepDecay<>{1, 0}) == "gradus::StepDecay.every must be > 0 (got 0)");
  CHECK(refusal(StepDecay<>{1, -30}) == "gradus::StepDecay.every must be > 0 (got -30)");
  CHECK(refusal(StepDecay<>{1, 2 - std::size_t{3}}) ==
        "gradus::StepDecay.every must be > 0 (got -1)");
  CHECK(refusal(StepDecay<>{1, 1, 0}) == "gradus::StepDecay.factor must be in (0, 1] (got 0)");
  CHECK(refusal(StepDecay<>{1, 1, -0.5}) ==
        "gradus::StepDecay.factor must be in (0, 1] (got -0.5)");
  CHECK(refusal(StepDecay<>{1, 1, 1.5}) == "gradus::StepDecay.factor must be in (0, 1] (got 1.5)");
  CHECK(refusal(StepDecay<>{1, 1, nan}) == "gradus::StepDecay.factor must be in (0, 1] (got nan)");
  CHECK(refusal(StepDecay<>{1, 1, 0.5, -1}) ==
        "gradus::StepDecay.floor must be finite and >= 0 (got -1)");
  CHECK(refusal(StepDecay<>{1, 1, 0.5, nan}) ==
        "gradus::StepDecay.floor must be finite and >= 0 (got nan)");
  CHECK(refusal(StepDecay<>{1, 1, 0.5, 2}) == "gradus::StepDecay.floor must be <= start (got 2)");
  CHECK(refusal(StepDecay<>{1, 1, 1, 1}).empty());
  CHECK(refusal(StepDecay<>{1, 1, 1}).empty());
}
