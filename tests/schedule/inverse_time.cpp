#include <gradus/schedule/inverse_time.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::InverseTime;
using gradus::step_t;

namespace {

static_assert(InverseTime<>{.start = 0.1, .decay = 0.5}(0) == 0.1);
static_assert(InverseTime<>{.start = 1, .decay = 1}(1) == 0.5);
static_assert(InverseTime<>{.start = 1, .decay = 0.25}(12) == 0.25);
static_assert(InverseTime<>{.start = 0.1}(gradus::last_step) == 0.1);
static_assert(InverseTime<>{.start = 1, .decay = 2} == InverseTime<>{1, 2});
static_assert(InverseTime<>{.start = 1, .decay = 2} != InverseTime<>{2, 2});
static_assert(InverseTime<>{.start = 1, .decay = -1}.check());

long double exact(const InverseTime<>& s, step_t t) {
  return exactly(s.start) / (1 + exactly(s.decay) * exactly(t));
}

}  // namespace

TEST_CASE("InverseTime conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return InverseTime<>{0.1, 0.05}; }, {0, 0.1, 100, falls}, exact);
  conforms([] { return InverseTime<>{3, 1e-6}; }, {0, 3, 1'000'000, falls}, exact);
  conforms([] { return InverseTime<>{1, 1e-18}; }, {0, 1, step_t{1} << 60, falls}, exact);
  conforms([] { return InverseTime<>{1e-3, 0}; }, {1e-3, 1e-3, 100, any, 0}, exact);
  conforms([] { return InverseTime<>{1, 0x1p950}; }, {0, 1, 1, falls});
  conforms([] { return InverseTime<float>{0.1F, 0.01}; }, {0, conformance::wide(0.1F), 100, falls});
  conformance::rounds_once(InverseTime<float>{0.1F, 0.01},
                           InverseTime<>{conformance::wide(0.1F), 0.01}, 100);
}

TEST_CASE("InverseTime is within 2 ulp of its start", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t t = r.step();
    const double decay = 8 * r.fraction() / (1 + static_cast<double>(t >> r.below(8)));
    const InverseTime<> s{r.rate(), decay};
    return conformance::Draw<InverseTime<>>{s, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact) <= 2);
}

TEST_CASE("InverseTime: Keras' decay_rate over decay_steps is the decay", "[schedule]") {
  const double rate = 0.5, steps = 10;
  const InverseTime<> s{.start = 0.1, .decay = rate / steps};
  for (const step_t t : {0U, 1U, 10U, 37U, 1'000U})
    CHECK(s(t) == Approx(0.1 / (1 + rate * static_cast<double>(t) / steps)).epsilon(1e-15));
}

TEST_CASE("InverseTime is finite where decay * t is not", "[schedule]") {
  const InverseTime<> s{.start = 1, .decay = conformance::largest_double};
  CHECK(s(0) == 1);
  for (const step_t t : {step_t{1}, step_t{2}, gradus::last_step, ~step_t{0}}) {
    const double rate = conformance::evaluate(s, t);
    CHECK(gradus::math::is_finite(rate));
    CHECK(rate >= 0);
    CHECK(rate < conformance::smallest_normal);
  }
}

TEST_CASE("InverseTime refuses a rate or a decay that is none", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  CHECK(refusal(InverseTime<>{nan, 0}) ==
        "gradus::InverseTime.start must be finite and >= 0 (got nan)");
  CHECK(refusal(InverseTime<>{-1, 0}) ==
        "gradus::InverseTime.start must be finite and >= 0 (got -1)");
  CHECK(refusal(InverseTime<>{1, -0.5}) ==
        "gradus::InverseTime.decay must be finite and >= 0 (got -0.5)");
  CHECK(refusal(InverseTime<>{1, infinity}) ==
        "gradus::InverseTime.decay must be finite and >= 0 (got inf)");
  CHECK(refusal(InverseTime<>{1, nan}) ==
        "gradus::InverseTime.decay must be finite and >= 0 (got nan)");
}
