#include <gradus/schedule/sigmoid.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Sigmoid;
using gradus::step_t;

namespace {

static_assert(Sigmoid<>{.start = 0.5, .slope = 1, .middle = 30}(30) == 0.25);
static_assert(Sigmoid<>{.start = 0.5, .slope = 1, .middle = 30}(1'000) == 0);
static_assert(Sigmoid<>{.start = 0.5, .slope = -1, .middle = 30}(1'000) == 0.5);
static_assert(Sigmoid<>{.start = 1, .slope = 1, .middle = 9} == Sigmoid<>{1, 1, 9});
static_assert(Sigmoid<>{.start = 1, .slope = 1, .middle = 9} != Sigmoid<>{1, 1, 8});
static_assert(Sigmoid<>{.start = 1, .slope = 1, .middle = -9}.check());

long double exact_sigmoid(const Sigmoid<>& s, step_t t) {
  return exactly(s.start) /
         (1 + std::exp(exactly(s.slope) * (exactly(t) - exactly(s.middle.steps()))));
}

}  // namespace

TEST_CASE("Sigmoid conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Sigmoid<>{0.1, 0.05, 100}; }, {0, 0.1, 100, falls}, exact_sigmoid);
  conforms([] { return Sigmoid<>{0.1, -0.05, 100}; }, {0, 0.1, 100, rises}, exact_sigmoid);
  conforms([] { return Sigmoid<>{0.3, 1e-18, huge}; }, {0, 0.3, huge, falls}, exact_sigmoid);
  conforms([] { return Sigmoid<>{0.3, 0, 10}; }, {0.15, 0.15, 10, any, 0}, exact_sigmoid);
  conforms([] { return Sigmoid<>{1, 0x1p950, 5}; }, {0, 1, 5, falls, 6}, exact_sigmoid);
  conforms([] { return Sigmoid<float>{0.1F, 0.01, 100}; },
           {0, conformance::wide(0.1F), 100, falls});
  conformance::rounds_once(Sigmoid<float>{0.1F, 0.01, 100},
                           Sigmoid<>{conformance::wide(0.1F), 0.01, 100}, 100);
}

TEST_CASE("Sigmoid is within 2 ulp of its start", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t middle = r.length(), t = r.step_near(middle);
    const double away = static_cast<double>(t) - static_cast<double>(middle);
    const double slope = (16 * r.fraction() - 8) / (std::fabs(away) + 1);
    const Sigmoid<> s{r.rate(), slope, middle};
    return conformance::Draw<Sigmoid<>>{s, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_sigmoid) <= 2);
}

TEST_CASE("Sigmoid: Caffe's gamma has the opposite sign, darknet's has ours", "[schedule]") {
  const double base = 0.1, gamma = 0.02;
  const step_t where = 300;
  const Sigmoid<> falling{.start = base, .slope = gamma, .middle = where};
  const Sigmoid<> rising{.start = base, .slope = -gamma, .middle = where};
  for (step_t t = 0; t < 600; ++t) {
    CAPTURE(t);
    const double away = static_cast<double>(t) - static_cast<double>(where);
    const auto caffe = [&](double g) { return base * (1 / (1 + std::exp(-g * away))); };
    const auto darknet = [&](double g) { return base * (1 / (1 + std::exp(g * away))); };
    CHECK(falling(t) == Approx(caffe(-gamma)).epsilon(1e-13));
    CHECK(falling(t) == Approx(darknet(gamma)).epsilon(1e-13));
    CHECK(rising(t) == Approx(caffe(gamma)).epsilon(1e-13));
    CHECK(rising(t) == Approx(darknet(-gamma)).epsilon(1e-13));
  }
  CHECK(falling(0) > falling(600));
  CHECK(rising(0) < rising(600));
}

TEST_CASE("Sigmoid counts exactly beyond 2^53", "[schedule]") {
  constexpr step_t middle = (step_t{1} << 62) + 1;
  const Sigmoid<> s{.start = 1, .slope = 1, .middle = middle};
  CHECK(s(middle - 1) == Approx(1 / (1 + std::exp(-1))).epsilon(1e-15));
  CHECK(s(middle) == 0.5);
  CHECK(s(middle + 1) == Approx(1 / (1 + std::exp(1))).epsilon(1e-15));
}

TEST_CASE("Sigmoid refuses a slope that is none and a middle before the beginning", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  CHECK(refusal(Sigmoid<>{-1, 1, 5}) == "gradus::Sigmoid.start must be finite and >= 0 (got -1)");
  CHECK(refusal(Sigmoid<>{nan, 1, 5}) == "gradus::Sigmoid.start must be finite and >= 0 (got nan)");
  CHECK(refusal(Sigmoid<>{1, nan, 5}) == "gradus::Sigmoid.slope must be finite (got nan)");
  CHECK(refusal(Sigmoid<>{1, -infinity, 5}) == "gradus::Sigmoid.slope must be finite (got -inf)");
  CHECK(refusal(Sigmoid<>{1, 1, -5}) == "gradus::Sigmoid.middle must be >= 0 (got -5)");
  CHECK(refusal(Sigmoid<>{1, -1, 0}).empty());
  CHECK(refusal(Sigmoid<>{1, conformance::largest_double, 5}).empty());
}
