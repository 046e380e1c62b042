#include <gradus/schedule/combine/reverse.hpp>

#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Cosine;
using gradus::InverseTime;
using gradus::Length;
using gradus::Reverse;
using gradus::step_t;

namespace {

constexpr Reverse<InverseTime<>> back{.schedule = {1, 1}, .steps = 3};
static_assert(back(0) == 0.25 && back(1) == 1.0 / 3 && back(2) == 0.5 && back(3) == 1);
static_assert(back(4) == 1 && back(~step_t{0}) == 1);
static_assert(Reverse{InverseTime<>{1, 1}, 3} == back && Reverse{InverseTime<>{1, 1}, 4} != back);
static_assert(back.length() == Length(3));
static_assert(Reverse{Cosine<>{1, 0, 10}}.length() == Length(10));
static_assert(Reverse{Cosine<>{1, 0, 10}}(0) == 0 && Reverse{Cosine<>{1, 0, 10}}(10) == 1);

long double exact_reverse(const Reverse<InverseTime<>>& s, step_t t) {
  const step_t left = s.steps.steps() - std::min(t, s.steps.steps());
  return exactly(s.schedule.start) / (1 + exactly(s.schedule.decay) * exactly(left));
}

}  // namespace

TEST_CASE("Reverse conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 60;
  conforms([] { return Reverse{InverseTime<>{0.1, 0.05}, 50}; }, {0, 0.1, 50, rises, 50},
           exact_reverse);
  conforms([] { return Reverse{InverseTime<>{1.9, 1e-18}, huge}; }, {0, 1.9, huge, rises, huge},
           exact_reverse);
  conforms([] { return Reverse{Cosine<float>{1, 0.5F, 100}}; }, {0.5, 1, 100, rises, 100});
}

TEST_CASE("Reverse is as exact as its schedule", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t steps = r.length(), t = r.step_near(steps);
    const InverseTime<> s{r.rate(), 8 * r.fraction() / static_cast<double>(steps)};
    return conformance::Draw<Reverse<InverseTime<>>>{{s, steps}, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_reverse) <= 2);
}

TEST_CASE("Reverse of Reverse is the schedule itself", "[schedule]") {
  const Cosine<> cosine{1, 0.1, 97};
  const Reverse<Reverse<Cosine<>>> twice{{cosine}};
  for (step_t t = 0; t < 300; ++t) CHECK(twice(t) == cosine(t));
}

TEST_CASE("Reverse refuses a length that is none, and what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  const gradus::Constant<> one{1};
  CHECK(refusal(Reverse{one, 0}) == "");
  CHECK(refusal(Reverse{one, -1}) == "gradus::Reverse.steps must be >= 0 (got -1)");
  CHECK(refusal(Reverse{one}) == "gradus::Reverse.steps must be given");
  CHECK(refusal(Reverse{Cosine<>{1, 0, 0}}) == "gradus::Cosine.steps must be > 0 (got 0)");
}
