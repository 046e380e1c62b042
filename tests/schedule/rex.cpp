#include <gradus/schedule/rex.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Past;
using gradus::Rex;
using gradus::step_t;

namespace {

static_assert(Rex<>{.start = 1, .end = 0, .steps = 4}(0) == 1);
static_assert(Rex<>{.start = 1, .end = 0, .steps = 4}(2) == 2.0 / 3);
static_assert(Rex<>{.start = 3.5, .end = 0, .steps = 4}(1) == 3);
static_assert(Rex<>{.start = 1, .end = 0.5, .steps = 4}(5) == 0.5);
static_assert(Rex<>{3.5, 0, 4, Past::mirror}(7) == 3);
static_assert(Rex<>{3.5, 0, 4, Past::repeat}(5) == 3);
static_assert(Rex<>{.start = 1, .steps = 9} == Rex<>{1, 0, 9});
static_assert(Rex<>{.start = 1, .steps = 9} != Rex<>{1, 0, 9, Past::repeat});
static_assert(Rex<>{.start = 1, .steps = 0}.check());

long double exact_rex(const Rex<>& s, step_t t) {
  const step_t n = s.steps.steps(), at = gradus::detail::place(t, n, s.past);
  const long double start = exactly(s.start), end = exactly(s.end);
  const long double left = exactly(n - at) / exactly(n);  // 1 - x, and 1 - x / 2 is (1 + left) / 2
  return end + (start - end) * left / ((1 + left) / 2);
}

}  // namespace

TEST_CASE("Rex conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Rex<>{0.1, 1e-5, 100}; }, {1e-5, 0.1, 100, falls, 100}, exact_rex);
  conforms([] { return Rex<>{0, 1e-3, 12'345}; }, {0, 1e-3, 12'345, rises, 12'345}, exact_rex);
  conforms([] { return Rex<>{0.3, 0.3, 10}; }, {0.3, 0.3, 10, any, 0}, exact_rex);
  conforms([] { return Rex<>{1, 0.5, 1}; }, {0.5, 1, 1, falls, 1}, exact_rex);
  conforms([] { return Rex<>{1.9, 0.1, huge - 1}; }, {0.1, 1.9, huge - 1, falls, huge - 1},
           exact_rex);
  conforms([] { return Rex<>{0.1, 0.7, 33, Past::mirror}; }, {0.1, 0.7, 66}, exact_rex);
  conforms([] { return Rex<>{0.1, 0.7, 33, Past::repeat}; }, {0.1, 0.7, 33}, exact_rex);
  conforms([] { return Rex<float>{0.1F, 1e-5F, 100}; },
           {conformance::wide(1e-5F), conformance::wide(0.1F), 100, falls, 100});
  conformance::rounds_once(Rex<float>{0.1F, 1e-5F, 100},
                           Rex<>{conformance::wide(0.1F), conformance::wide(1e-5F), 100}, 100);
}

TEST_CASE("Rex is within 2 ulp of its larger end", "[schedule]") {
  for (const Past past : {Past::hold, Past::mirror, Past::repeat}) {
    const auto draw = [past](conformance::Random& r) {
      const Rex<> s{r.rate(), r.rate(), r.length(), past};
      const step_t t = r.step_near(s.steps.steps());
      return conformance::Draw<Rex<>>{s, t, std::max(s.start, s.end)};
    };
    CHECK(conformance::worst_error(draw, exact_rex) <= 2);
  }
}

TEST_CASE("Rex has exact ends, for every length", "[schedule]") {
  conformance::has_exact_ends(
      [](auto& random) { return Rex<>{random.rate(), random.rate(), random.length()}; });
}

TEST_CASE("Rex: pytorch_optimizer's formula", "[schedule]") {
  const Rex<> s{.start = 1, .end = 0.1, .steps = 40};
  for (step_t t = 0; t <= 50; ++t) {
    const double x = std::fmin(static_cast<double>(t) / 40, 1);
    CHECK(s(t) == Approx(0.1 + (1 - 0.1) * ((1 - x) / (1 - x / 2))).epsilon(1e-14));
    CHECK(s(t) >= 1 - 0.9 * x);  // never below the straight line
  }
}

TEST_CASE("Rex refuses rates and lengths that are none", "[schedule]") {
  conformance::refuses_start_to_end<Rex<>>();
}
