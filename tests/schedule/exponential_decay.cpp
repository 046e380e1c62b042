#include <gradus/schedule/exponential_decay.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::ExponentialDecay;
using gradus::step_t;

namespace {

static_assert(ExponentialDecay{.start = 0.1, .factor = 0.5}(0) == 0.1);
static_assert(ExponentialDecay{.start = 1, .factor = 0.25, .every = 2}(1) == 0.5);
static_assert(ExponentialDecay{.start = 1, .factor = 0.25, .every = 2, .staircase = true}(1) == 1);
static_assert(ExponentialDecay{.start = 1, .factor = 0.25, .limit = 0.01}(9) == 0.01);
static_assert(ExponentialDecay{.start = 1, .factor = 2, .limit = 9}(3) == 8);
static_assert(ExponentialDecay{.start = 1, .factor = 2, .limit = 9}(4) == 9);
static_assert(ExponentialDecay{.start = 1, .factor = 0.5} == ExponentialDecay<>{1, 0.5});
static_assert(ExponentialDecay{.start = 1, .factor = 0.5} != ExponentialDecay<>{1, 0.25});
static_assert(ExponentialDecay{.start = 1, .factor = 0}.check());

long double exact_exponential_decay(const ExponentialDecay<>& s, step_t t) {
  const step_t every = s.every.steps();
  const long double y = s.staircase ? exactly(t / every) : exactly(t) / exactly(every);
  const long double rate = exactly(s.start) * std::pow(exactly(s.factor), y);
  if (s.factor > 1) return std::min(rate, exactly(s.limit.value_or(conformance::largest_double)));
  return std::max(rate, exactly(s.limit.value_or(0.0)));
}

}  // namespace

TEST_CASE("ExponentialDecay conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  using Decay = ExponentialDecay<>;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Decay{0.1, 0.95}; }, {0, 0.1, 100, falls}, exact_exponential_decay);
  conforms([] { return Decay{0.3, 0.5, 1'000}; }, {0, 0.3, 1'000, falls}, exact_exponential_decay);
  conforms([] { return Decay{0.3, 0.9, 30, true}; }, {0, 0.3, 30, falls}, exact_exponential_decay);
  conforms([] { return Decay{0.1, 0.5, 7, false, 1e-3}; }, {1e-3, 0.1, 7, falls, 49},
           exact_exponential_decay);
  conforms([] { return Decay{1, 0.1, 7, true, 1e-2}; }, {1e-2, 1, 7, falls, 21},
           exact_exponential_decay);
  conforms([] { return Decay{1, 0.7, huge}; }, {0, 1, huge, falls}, exact_exponential_decay);
  conforms([] { return Decay{1e-6, 1e3, 100, false, 1}; }, {1e-6, 1, 100, rises, 201},
           exact_exponential_decay);
  conforms([] { return Decay{1e-6, 1.1, 5, true, 1.9}; }, {1e-6, 1.9, 5, rises, 800},
           exact_exponential_decay);
  conforms([] { return Decay{1e-6, 2}; }, {1e-6, conformance::largest_double, 100, rises, 1'044});
  conforms([] { return Decay{0.1, 1}; }, {0.1, 0.1, 100, any, 0}, exact_exponential_decay);
  conforms([] { return Decay{0, 0.5}; }, {0, 0, 100, any, 0}, exact_exponential_decay);
  conforms([] { return ExponentialDecay<float>{0.1F, 0.95}; },
           {0, conformance::wide(0.1F), 100, falls});
  conforms([] { return ExponentialDecay<float>{1, 2}; },
           {1, conformance::wide(std::numeric_limits<float>::max()), 100, rises, 128});
  conformance::rounds_once(ExponentialDecay<float>{0.1F, 0.95, 3, false, 1e-3F},
                           Decay{conformance::wide(0.1F), 0.95, 3, false, conformance::wide(1e-3F)},
                           100);
}

TEST_CASE("ExponentialDecay is within 2 ulp of its largest value", "[schedule]") {
  for (const bool rises : {false, true}) {
    CAPTURE(rises);
    const auto draw = [rises](conformance::Random& r) {
      const step_t every = r.length(), t = r.step();
      const bool stairs = r.below(2) == 0;
      const double periods = static_cast<double>(t) / static_cast<double>(every);
      const double way = 20 * r.fraction() / std::max(periods, 0.1);  // ln of the factor
      const double start = r.rate() + 1e-6, ratio = std::exp(20 * r.fraction());
      const ExponentialDecay<> s{start, std::exp(rises ? way : -way), every, stairs,
                                 rises ? start * ratio : start / ratio};
      return conformance::Draw<ExponentialDecay<>>{s, t, rises ? *s.limit : s.start};
    };
    CHECK(conformance::worst_error(draw, exact_exponential_decay) <= 2);
  }
}

TEST_CASE("ExponentialDecay: the staircase drops at t = every, not a step off", "[schedule]") {
  for (const step_t every : {step_t{1}, step_t{3}, step_t{1'000}, (step_t{1} << 53) + 1})
    for (step_t drops = 1; drops < 60; ++drops) {
      CAPTURE(every, drops);
      const ExponentialDecay s{.start = 1, .factor = 0.5, .every = every, .staircase = true};
      CHECK(s(drops * every - 1) == std::ldexp(2, -static_cast<int>(drops)));
      CHECK(s(drops * every) == std::ldexp(1, -static_cast<int>(drops)));
    }
}

TEST_CASE("ExponentialDecay: optax' end_value is a floor of what falls, a ceiling of what rises",
          "[schedule]") {
  const auto optax = [](double start, double rate, double steps, double end, double t) {
    const double value = start * std::pow(rate, t / steps);
    return rate < 1 ? std::max(value, end) : std::min(value, end);
  };
  const ExponentialDecay falling{.start = 0.5, .factor = 0.8, .every = 10, .limit = 0.05};
  const ExponentialDecay rising{.start = 0.05, .factor = 1.3, .every = 10, .limit = 0.5};
  for (step_t t = 0; t < 200; ++t) {
    CAPTURE(t);
    const auto at = static_cast<double>(t);
    CHECK(falling(t) == Approx(optax(0.5, 0.8, 10, 0.05, at)).epsilon(1e-15));
    CHECK(rising(t) == Approx(optax(0.05, 1.3, 10, 0.5, at)).epsilon(1e-15));
  }
}

TEST_CASE("ExponentialDecay is defined where it would overflow", "[schedule]") {
  const ExponentialDecay s{.start = 1e-3, .factor = conformance::largest_double};
  CHECK(s(0) == 1e-3);
  for (const step_t t : {step_t{2}, step_t{3}, gradus::last_step, ~step_t{0}})
    CHECK(conformance::evaluate(s, t) == conformance::largest_double);
  const ExponentialDecay falls{.start = 1, .factor = conformance::smallest_double};
  CHECK(falls(1) == conformance::smallest_double);
  CHECK(falls(2) == 0);
}

TEST_CASE("ExponentialDecay refuses what is no decay", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  using Decay = ExponentialDecay<>;
  CHECK(refusal(Decay{-1, 0.5}) ==
        "gradus::ExponentialDecay.start must be finite and >= 0 (got -1)");
  CHECK(refusal(Decay{nan, 0.5}) ==
        "gradus::ExponentialDecay.start must be finite and >= 0 (got nan)");
  CHECK(refusal(Decay{1, 0}) == "gradus::ExponentialDecay.factor must be finite and > 0 (got 0)");
  CHECK(refusal(Decay{1, -0.5}) ==
        "gradus::ExponentialDecay.factor must be finite and > 0 (got -0.5)");
  CHECK(refusal(Decay{1, nan}) ==
        "gradus::ExponentialDecay.factor must be finite and > 0 (got nan)");
  CHECK(refusal(Decay{1, infinity}) ==
        "gradus::ExponentialDecay.factor must be finite and > 0 (got inf)");
  CHECK(refusal(Decay{1, 0.5, 0}) == "gradus::ExponentialDecay.every must be > 0 (got 0)");
  CHECK(refusal(Decay{1, 0.5, -7}) == "gradus::ExponentialDecay.every must be > 0 (got -7)");
  CHECK(refusal(Decay{1, 0.5, 1, false, -0.5}) ==
        "gradus::ExponentialDecay.limit must be finite and >= 0 (got -0.5)");
  CHECK(refusal(Decay{1, 0.5, 1, false, nan}) ==
        "gradus::ExponentialDecay.limit must be finite and >= 0 (got nan)");
  CHECK(refusal(Decay{1, 0.5, 1, false, 2}) ==
        "gradus::ExponentialDecay.limit must be <= start where factor <= 1 (got 2)");
  CHECK(refusal(Decay{1, 2, 1, false, 0.5}) ==
        "gradus::ExponentialDecay.limit must be >= start where factor > 1 (got 0.5)");
  CHECK(refusal(Decay{0, 2}) ==
        "gradus::ExponentialDecay.start must be > 0 where factor > 1 (got 0)");
  CHECK(refusal(Decay{1, 1, 1, false, 1}).empty());
}

TEST_CASE("ExponentialDecay rises from the smallest start to its limit", "[schedule]") {
  using conformance::exactly;
  const double tiny = conformance::smallest_double;
  // factor^t overflows long before the limit is reached.
  for (const double start : {tiny, 1e-300, 1e-10}) {
    const ExponentialDecay<> s{.start = start, .factor = 1.5};
    for (step_t t = 0; t < 3'700; t += 7) {
      CAPTURE(start, t);
      const long double exact = exactly(start) * std::pow(1.5L, exactly(t));
      if (exact > exactly(conformance::largest_double)) {
        CHECK(s(t) == conformance::largest_double);
      } else {
        CHECK(conformance::ulps(s(t), exact, static_cast<double>(exact)) <= 2);
      }
    }
  }
}
