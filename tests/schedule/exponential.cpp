#include <gradus/schedule/exponential.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Exponential;
using gradus::step_t;

namespace {

static_assert(Exponential<>{.start = 0.1, .decay = 0.5}(0) == 0.1);
static_assert(Exponential<>{.start = 0.1}(1'000'000) == 0.1);
static_assert(Exponential<>{.start = 0.1, .decay = 1}(gradus::last_step) == 0);
static_assert(Exponential<>{.start = 1, .decay = 2} == Exponential<>{1, 2});
static_assert(Exponential<>{.start = 1, .decay = 2} != Exponential<>{1, 3});
static_assert(Exponential<>{.start = 1, .decay = 1, .floor = 0.25}(2) == 0.25);
static_assert(Exponential<>{.start = 1, .decay = -1}.check());

long double exact_exponential(const Exponential<>& s, step_t t) {
  return std::max(exactly(s.start) * std::exp(-exactly(s.decay) * exactly(t)), exactly(s.floor));
}

constexpr double per_step = 0.05129329438755058;  // -log(0.95)

}  // namespace

TEST_CASE("Exponential conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return Exponential<>{0.1, per_step}; }, {0, 0.1, 100, falls}, exact_exponential);
  conforms([] { return Exponential<>{0.3, 1e-6}; }, {0, 0.3, 1'000'000, falls}, exact_exponential);
  conforms([] { return Exponential<>{3, 1e-18}; }, {0, 3, step_t{1} << 60, falls},
           exact_exponential);
  conforms([] { return Exponential<>{1e-3, 0}; }, {1e-3, 1e-3, 100, any, 0}, exact_exponential);
  conforms([] { return Exponential<>{0.1, 0.5, 1e-3}; }, {1e-3, 0.1, 100, falls, 10},
           exact_exponential);
  conforms([] { return Exponential<>{1, 0x1p950}; }, {0, 1, 1, falls, 1});
  conforms([] { return Exponential<>{conformance::largest_double, 1}; },
           {0, conformance::largest_double, 1, falls}, exact_exponential);
  conforms([] { return Exponential<float>{0.1F, 0.01}; }, {0, conformance::wide(0.1F), 100, falls});
  conformance::rounds_once(Exponential<float>{0.1F, 0.01},
                           Exponential<>{conformance::wide(0.1F), 0.01}, 100);
}

TEST_CASE("Exponential is within 2 ulp of its start", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t t = r.step();
    const double decay = 8 * r.fraction() / (1 + static_cast<double>(t >> r.below(8)));
    const Exponential<> s{r.rate(), decay};
    return conformance::Draw<Exponential<>>{s, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_exponential) <= 2);
}

TEST_CASE("Exponential does not drift over a million steps", "[schedule]") {
  const Exponential<> s{.start = 0.5, .decay = 1e-5};
  double by_hand = s.start;  // as a scheduler that multiplies the last rate
  for (step_t t = 0; t < 1'000'000; ++t) by_hand *= 1 - 1e-5;
  CHECK(s(1'000'000) == Approx(0.5 * 4.5399929762484851536e-5).epsilon(1e-15));  // e^-10
  CHECK(s(1'000'000) != Approx(by_hand).epsilon(1e-15));
}

TEST_CASE("Exponential is finite where decay * t is not", "[schedule]") {
  const Exponential<> s{.start = 1, .decay = conformance::largest_double};
  CHECK(s(0) == 1);
  for (const step_t t : {step_t{1}, step_t{2}, gradus::last_step, ~step_t{0}}) {
    const double rate = conformance::evaluate(s, t);
    CHECK(gradus::math::is_finite(rate));
    CHECK(rate >= 0);
    CHECK(rate < conformance::smallest_normal);
  }
}

TEST_CASE("Exponential refuses a rate or a decay that is none", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  CHECK(refusal(Exponential<>{-1, 0}) ==
        "gradus::Exponential.start must be finite and >= 0 (got -1)");
  CHECK(refusal(Exponential<>{infinity, 0}) ==
        "gradus::Exponential.start must be finite and >= 0 (got inf)");
  CHECK(refusal(Exponential<>{1, -0.5}) ==
        "gradus::Exponential.decay must be finite and >= 0 (got -0.5)");
  CHECK(refusal(Exponential<>{1, nan}) ==
        "gradus::Exponential.decay must be finite and >= 0 (got nan)");
  CHECK(refusal(Exponential<>{1, infinity}) ==
        "gradus::Exponential.decay must be finite and >= 0 (got inf)");
  CHECK(refusal(Exponential<>{1, 1, -1}) ==
        "gradus::Exponential.floor must be finite and >= 0 (got -1)");
  CHECK(refusal(Exponential<>{1, 1, 2}) == "gradus::Exponential.floor must be <= start (got 2)");
}
