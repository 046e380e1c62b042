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
static_assert(InverseTime<>{.start = 1, .decay = 1, .power = 2}(1) == 0.25);
static_assert(InverseTime<>{.start = 1, .decay = 1, .every = 4}(2) == 1 / 1.5);
static_assert(InverseTime<>{.start = 1, .decay = 1, .every = 4, .staircase = true}(7) == 0.5);
static_assert(InverseTime<>{.start = 1, .decay = -1}.check());

long double exact_inverse_time(const InverseTime<>& s, step_t t) {
  const step_t every = s.every.steps();
  const long double at = s.staircase ? exactly(t / every) : exactly(t) / exactly(every);
  return exactly(s.start) / std::pow(1 + exactly(s.decay) * at, exactly(s.power));
}

}  // namespace

TEST_CASE("InverseTime conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return InverseTime<>{0.1, 0.05}; }, {0, 0.1, 100, falls}, exact_inverse_time);
  conforms([] { return InverseTime<>{3, 1e-6}; }, {0, 3, 1'000'000, falls}, exact_inverse_time);
  conforms([] { return InverseTime<>{1, 1e-18}; }, {0, 1, step_t{1} << 60, falls},
           exact_inverse_time);
  conforms([] { return InverseTime<>{1e-3, 0}; }, {1e-3, 1e-3, 100, any, 0}, exact_inverse_time);
  conforms([] { return InverseTime<>{1, 0x1p950}; }, {0, 1, 1, falls});
  conforms([] { return InverseTime<>{0.1, 0.05, 0.75}; }, {0, 0.1, 100, falls}, exact_inverse_time);
  conforms([] { return InverseTime<>{0.3, 1e-5, 20, 10}; }, {0, 0.3, 100'000, falls},
           exact_inverse_time);
  conforms([] { return InverseTime<>{0.3, 0.5, 2, 30, true}; }, {0, 0.3, 30, falls},
           exact_inverse_time);
  conforms([] { return InverseTime<>{0.3, 0.5, 1, step_t{1} << 60}; },
           {0, 0.3, step_t{1} << 60, falls}, exact_inverse_time);
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
  CHECK(conformance::worst_error(draw, exact_inverse_time) <= 2);
}

TEST_CASE("InverseTime with a power and a period is within 2 ulp of its start", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t t = r.step(), every = r.length();
    const double periods = static_cast<double>(t) / static_cast<double>(every);
    const double decay = 8 * r.fraction() / (1e-3 + periods);
    const double power = std::ldexp(1 + r.fraction(), static_cast<int>(r.below(12)) - 4);
    const InverseTime<> s{r.rate(), decay / power, power, every, r.below(2) == 0};
    return conformance::Draw<InverseTime<>>{s, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_inverse_time) <= 2);
}

TEST_CASE("InverseTime: Keras' InverseTimeDecay", "[schedule]") {
  const double rate = 0.5, steps = 10;
  const InverseTime<> s{.start = 0.1, .decay = rate, .every = 10};
  const InverseTime<> stairs{.start = 0.1, .decay = rate, .every = 10, .staircase = true};
  for (const step_t t : {0U, 1U, 9U, 10U, 11U, 37U, 1'000U}) {
    CAPTURE(t);
    const double at = static_cast<double>(t) / steps;
    CHECK(s(t) == Approx(0.1 / (1 + rate * at)).epsilon(1e-15));
    CHECK(stairs(t) == Approx(0.1 / (1 + rate * std::floor(at))).epsilon(1e-15));
  }
}

TEST_CASE("InverseTime: Caffe's inv", "[schedule]") {
  const InverseTime<> s{.start = 0.01, .decay = 1e-4, .power = 0.75};  // LeNet's
  for (const step_t t : {0U, 1U, 500U, 10'000U})
    CHECK(s(t) == Approx(0.01 * std::pow(1 + 1e-4 * static_cast<double>(t), -0.75)).epsilon(1e-15));
}

TEST_CASE("InverseTime: powers of 1 and 2 agree with the divisions", "[schedule]") {
  for (step_t t = 0; t < 1'000; ++t) {
    const double way = 1 + 0.25 * static_cast<double>(t);
    CHECK(InverseTime<>{1, 0.25}(t) == 1 / way);
    CHECK(InverseTime<>{1, 0.25, 2}(t) == Approx(1 / (way * way)).epsilon(1e-15));
  }
}

TEST_CASE("InverseTime with a large power", "[schedule]") {
  for (const double power : {1e6, 6.7e7, 1e9, 1e12, 1e15, 1e17, 1e290})
    for (const double decay : {0.7 / power, 1 / power, 3 / power}) {
      if (decay < 1e-288) continue;
      const InverseTime<> s{.start = 1, .decay = decay, .power = power};
      CAPTURE(power, decay);
      const long double exact = std::exp(-exactly(power) * std::log1p(exactly(decay)));
      CHECK(conformance::ulps(s(1), exact, 1) <= 2);
    }
}

TEST_CASE("InverseTime is finite for the largest decay", "[schedule]") {
  const InverseTime<> root{.start = 1, .decay = 1e288, .power = 0.5};
  CHECK(root(0) == 1);
  CHECK(root(~step_t{0}) == Approx(1e-144 / 0x1p32).epsilon(1e-15));
  const InverseTime<> s{.start = 1, .decay = 1e288};
  CHECK(s(0) == 1);
  for (const step_t t : {step_t{1}, step_t{2}, gradus::last_step, ~step_t{0}}) {
    const double rate = conformance::evaluate(s, t);
    CHECK(gradus::math::is_finite(rate));
    CHECK(rate >= 0);
    CHECK(rate <= 1e-288);
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
  CHECK(refusal(InverseTime<>{1, 1e297}) ==
        "gradus::InverseTime.decay must be 0 or in [1e-288, 1e288] (got 1e+297)");
  CHECK(refusal(InverseTime<>{1, 1e-300}) ==
        "gradus::InverseTime.decay must be 0 or in [1e-288, 1e288] (got 1e-300)");
  CHECK(refusal(InverseTime<>{1, 1e-288}).empty());
  CHECK(refusal(InverseTime<>{1, nan}) ==
        "gradus::InverseTime.decay must be finite and >= 0 (got nan)");
  CHECK(refusal(InverseTime<>{1, 1, 0}) ==
        "gradus::InverseTime.power must be finite and > 0 (got 0)");
  CHECK(refusal(InverseTime<>{1, 1, nan}) ==
        "gradus::InverseTime.power must be finite and > 0 (got nan)");
  CHECK(refusal(InverseTime<>{1, 1, 1, 0}) == "gradus::InverseTime.every must be > 0 (got 0)");
  CHECK(refusal(InverseTime<>{1, 1, 2, -3, true}) ==
        "gradus::InverseTime.every must be > 0 (got -3)");
}
