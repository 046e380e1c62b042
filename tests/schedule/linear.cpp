#include <gradus/schedule/linear.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Linear;
using gradus::Past;
using gradus::step_t;

namespace {

static_assert(Linear<>{.start = 1, .end = 0.5, .steps = 4}(0) == 1);
static_assert(Linear<>{.start = 1, .end = 0.5, .steps = 4}(1) == 0.875);
static_assert(Linear<>{.start = 1, .end = 0.5, .steps = 4}(4) == 0.5);
static_assert(Linear<>{.start = 1, .end = 0.5, .steps = 4}(5) == 0.5);
static_assert(Linear<>{1, 0.5, 4, Past::mirror}(5) == 0.625);
static_assert(Linear<>{1, 0.5, 4, Past::repeat}(4) == 1);
static_assert(Linear<>{.start = 1, .steps = 9} == Linear<>{1, 0, 9});
static_assert(Linear<>{.start = 1, .steps = 9} != Linear<>{1, 0, 9, Past::repeat});
static_assert(Linear<>{.start = 1, .steps = 0}.check());

long double exact_linear(const Linear<>& s, step_t t) {
  const step_t n = s.steps.steps(), at = gradus::detail::place(t, n, s.past);
  const long double start = exactly(s.start), end = exactly(s.end);
  return start + (end - start) * (exactly(at) / exactly(n));
}

}  // namespace

TEST_CASE("Linear conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Linear<>{0.1, 1e-5, 100}; }, {1e-5, 0.1, 100, falls, 100}, exact_linear);
  conforms([] { return Linear<>{0, 1e-3, 12'345}; }, {0, 1e-3, 12'345, rises, 12'345},
           exact_linear);
  conforms([] { return Linear<>{0.3, 0.3, 10}; }, {0.3, 0.3, 10, any, 0}, exact_linear);
  conforms([] { return Linear<>{1, 0.5, 1}; }, {0.5, 1, 1, falls, 1}, exact_linear);
  conforms([] { return Linear<>{1.9, 0.1, huge - 1}; }, {0.1, 1.9, huge - 1, falls, huge - 1},
           exact_linear);
  conforms([] { return Linear<>{0.1, 0.7, 33, Past::mirror}; }, {0.1, 0.7, 66}, exact_linear);
  conforms([] { return Linear<>{0.1, 0.7, 33, Past::repeat}; }, {0.1, 0.7, 33}, exact_linear);
  conforms([] { return Linear<float>{0.1F, 1e-5F, 100}; },
           {conformance::wide(1e-5F), conformance::wide(0.1F), 100, falls, 100});
  conformance::rounds_once(Linear<float>{0.1F, 1e-5F, 100},
                           Linear<>{conformance::wide(0.1F), conformance::wide(1e-5F), 100}, 100);
}

TEST_CASE("Linear is within 2 ulp of its larger end", "[schedule]") {
  for (const Past past : {Past::hold, Past::mirror, Past::repeat}) {
    const auto draw = [past](conformance::Random& r) {
      const Linear<> s{r.rate(), r.rate(), r.length(), past};
      const step_t t = r.step_near(s.steps.steps());
      return conformance::Draw<Linear<>>{s, t, std::max(s.start, s.end)};
    };
    CHECK(conformance::worst_error(draw, exact_linear) <= 2);
  }
}

TEST_CASE("Linear has exact ends, for every length", "[schedule]") {
  conformance::has_exact_ends(
      [](auto& random) { return Linear<>{random.rate(), random.rate(), random.length()}; });
}

TEST_CASE("Linear: llm.c's and Hugging Face's decay to nothing", "[schedule]") {
  const Linear<> s{.start = 6e-4, .end = 0, .steps = 300};
  for (const step_t t : {0U, 1U, 150U, 299U, 300U})
    CHECK(std::fabs(s(t) - 6e-4 * (300 - static_cast<double>(t)) / 300) <= 1e-18);
}

TEST_CASE("Linear: PyTorch's LinearLR in its values, and Ignite's triangle", "[schedule]") {
  const double base = 0.1, third = 1.0 / 3;
  const Linear<> s{.start = base * third, .end = base, .steps = 5};
  for (step_t t = 0; t <= 5; ++t)
    CHECK(s(t) == Approx(base * (third + (1 - third) * static_cast<double>(t) / 5)).epsilon(1e-15));
  // start to end and back to start, |progress - 1/2| * 2 of the way from the end
  const Linear<> triangle{.start = 0.1, .end = 1, .steps = 5, .past = Past::mirror};
  for (step_t t = 0; t < 20; ++t)
    CHECK(triangle(t) ==
          Approx(1 - 0.9 * 2 * std::fabs(static_cast<double>(t % 10) / 10 - 0.5)).epsilon(1e-15));
}

TEST_CASE("Linear refuses rates and lengths that are none", "[schedule]") {
  conformance::refuses_start_to_end<Linear<>>();
}
