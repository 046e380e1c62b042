#include <gradus/schedule/combine/for.hpp>

#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::For;
using gradus::InverseTime;
using gradus::step_t;

namespace {

constexpr For<InverseTime<>> three_steps{.steps = 3, .schedule = {1, 1}};
static_assert(three_steps(0) == 1 && three_steps(1) == 0.5 && three_steps(3) == 0.25 &&
              three_steps(4) == 0.25);
static_assert(For{3, InverseTime<>{1, 1}} == three_steps &&
              For{4, InverseTime<>{1, 1}} != three_steps);
static_assert(gradus::length_of(three_steps) == gradus::Length(3));

long double exact_for(const For<InverseTime<>>& s, step_t t) {
  return exactly(s.schedule.start) /
         (1 + exactly(s.schedule.decay) * exactly(std::min(t, s.steps.steps())));
}

}  // namespace

TEST_CASE("For conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return For{50, InverseTime<>{0.1, 0.05}}; }, {0, 0.1, 50, falls, 50}, exact_for);
  conforms([] { return For{step_t{1} << 60, InverseTime<>{1.9, 1e-18}}; },
           {0, 1.9, step_t{1} << 60, falls, step_t{1} << 60}, exact_for);
}

TEST_CASE("For is as exact as its schedule", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t steps = r.length(), t = r.step_near(steps);
    const InverseTime<> s{r.rate(), 8 * r.fraction() / (1 + static_cast<double>(t))};
    return conformance::Draw<For<InverseTime<>>>{{steps, s}, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_for) <= 2);
}

TEST_CASE("For refuses its own field, and what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  CHECK(refusal(For{0, InverseTime<>{}}) == "");
  CHECK(refusal(For{-1, InverseTime<>{}}) == "gradus::For.steps must be >= 0 (got -1)");
  CHECK(refusal(For{1 - step_t{3}, InverseTime<>{}}) == "gradus::For.steps must be >= 0 (got -2)");
  CHECK(refusal(For{5, gradus::Cosine<>{1, 0, 0}}) == "gradus::Cosine.steps must be > 0 (got 0)");
}
