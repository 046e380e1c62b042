#include <gradus/schedule/geometric.hpp>

#include "support/digest.hpp"
#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Geometric;
using gradus::Past;
using gradus::step_t;

namespace {

static_assert(Geometric<>{.start = 16, .end = 1, .steps = 4}(1) == 8);
static_assert(Geometric<>{.start = 1, .end = 16, .steps = 4}(3) == 8);
static_assert(Geometric<>{.start = 16, .end = 1, .steps = 4}(5) == 1);
static_assert(Geometric<>{16, 1, 4, Past::mirror}(7) == 8);
static_assert(Geometric<>{16, 1, 4, Past::repeat}(5) == 8);
static_assert(Geometric<>{.start = 1, .end = 2, .steps = 9} == Geometric<>{1, 2, 9});
static_assert(Geometric<>{.start = 1, .end = 2, .steps = 9} != Geometric<>{1, 3, 9});
static_assert(Geometric<>{.start = 1, .steps = 9}.check());

long double exact_geometric(const Geometric<>& s, step_t t) {
  const step_t n = s.steps.steps(), at = gradus::detail::place(t, n, s.past);
  const long double a = std::log(exactly(s.start)), b = std::log(exactly(s.end));
  const long double x = exactly(at) / exactly(n);
  return s.start > s.end ? exactly(s.start) * std::exp((b - a) * x)
                         : exactly(s.end) * std::exp((a - b) * (1 - x));
}

}  // namespace

TEST_CASE("Geometric conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  support::default_environment();  // subnormal numbers are no zeros
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Geometric<>{1.6e-4, 1.6e-6, 30'000}; },
           {1.6e-6, 1.6e-4, 30'000, falls, 30'000}, exact_geometric);
  conforms([] { return Geometric<>{1e-7, 10, 100}; }, {1e-7, 10, 100, rises, 100}, exact_geometric);
  conforms([] { return Geometric<>{0.3, 0.3, 10}; }, {0.3, 0.3, 10, any, 0}, exact_geometric);
  conforms([] { return Geometric<>{1, 0.5, 1}; }, {0.5, 1, 1, falls, 1}, exact_geometric);
  conforms([] { return Geometric<>{1e6, 1e-6, huge - 1}; }, {1e-6, 1e6, huge - 1, falls, huge - 1},
           exact_geometric);
  conforms([] { return Geometric<>{1.7e308, 4e-320, 100}; }, {4e-320, 1.7e308, 100, falls, 100},
           exact_geometric);
  conforms([] { return Geometric<>{0.1, 0.7, 33, Past::mirror}; }, {0.1, 0.7, 66}, exact_geometric);
  conforms([] { return Geometric<>{0.1, 0.7, 33, Past::repeat}; }, {0.1, 0.7, 33}, exact_geometric);
  conforms([] { return Geometric<float>{0.1F, 1e-5F, 100}; },
           {conformance::wide(1e-5F), conformance::wide(0.1F), 100, falls, 100});
  conformance::rounds_once(Geometric<float>{0.1F, 1e-5F, 100},
                           Geometric<>{conformance::wide(0.1F), conformance::wide(1e-5F), 100},
                           100);
}

TEST_CASE("Geometric is within 2 ulp of its larger end", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const Geometric<> s{r.rate() + 0x1p-40, r.rate() + 0x1p-40, r.length()};
    const step_t t = r.step_near(s.steps.steps());
    return conformance::Draw<Geometric<>>{s, t, std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(draw, exact_geometric) <= 2);
}

TEST_CASE("Geometric has exact ends, for every length", "[schedule]") {
  conformance::has_exact_ends([](auto& random) {
    return Geometric<>{random.rate() + 1e-9, random.rate() + 1e-9, random.length()};
  });
}

TEST_CASE("Geometric: the rates of 3D Gaussian splatting and of a range test", "[schedule]") {
  const Geometric<> splat{.start = 1.6e-4, .end = 1.6e-6, .steps = 30'000};
  for (const step_t t : {0U, 1U, 7'000U, 15'000U, 29'999U, 30'000U, 40'000U}) {
    const double x = std::fmin(static_cast<double>(t) / 30'000, 1);
    CHECK(splat(t) == Approx(std::exp((1 - x) * std::log(1.6e-4) + x * std::log(1.6e-6))));
  }
  const Geometric<> test{.start = 1e-7, .end = 10, .steps = 8};  // fastai's lr_find, in decades
  for (step_t t = 0; t <= 8; ++t)
    CHECK(test(t) == Approx(std::pow(10, static_cast<double>(t) - 7)).epsilon(1e-13));
}

TEST_CASE("Geometric: optax' exponential_decay with a floor where it ends", "[schedule]") {
  const Geometric<> s{.start = 0.1, .end = 0.1 * 0.3, .steps = 50};
  for (const step_t t : {0U, 1U, 20U, 49U, 50U, 51U, 90U})
    CHECK(s(t) == Approx(std::fmax(0.1 * std::pow(0.3, static_cast<double>(t) / 50), 0.1 * 0.3)));
}

TEST_CASE("Geometric refuses what has no logarithm", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  CHECK(refusal(Geometric<>{1, 0.5, 0}) == "gradus::Geometric.steps must be > 0 (got 0)");
  CHECK(refusal(Geometric<>{0, 1, 9}) == "gradus::Geometric.start must be finite and > 0 (got 0)");
  CHECK(refusal(Geometric<>{-1, 1, 9}) ==
        "gradus::Geometric.start must be finite and > 0 (got -1)");
  CHECK(refusal(Geometric<>{1, 0, 9}) == "gradus::Geometric.end must be finite and > 0 (got 0)");
  CHECK(refusal(Geometric<>{1, nan, 9}) ==
        "gradus::Geometric.end must be finite and > 0 (got nan)");
  CHECK(refusal(Geometric<>{infinity, 1, 9}) ==
        "gradus::Geometric.start must be finite and > 0 (got inf)");
  CHECK(refusal(Geometric<>{nan, nan, 0}) ==
        "gradus::Geometric.start must be finite and > 0 (got nan)");
  CHECK(refusal(Geometric<float>{0, 1, 9}) ==
        "gradus::Geometric.start must be finite and > 0 (got 0)");
}
