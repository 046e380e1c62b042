#include <gradus/schedule/tanh.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Past;
using gradus::step_t;
using gradus::Tanh;

namespace {

static_assert(Tanh<>{.start = 1, .end = 0, .steps = 10}(7) == 0.5);
static_assert(Tanh<>{.start = 1, .end = 0.5, .steps = 10, .from = -2, .to = 2}(5) == 0.75);
static_assert(Tanh<>{.start = 1, .end = 0.5, .steps = 10}(10) == 0.5);
static_assert(Tanh<>{.start = 1, .end = 0, .steps = 10, .past = Past::repeat}(17) == 0.5);
static_assert(Tanh<>{.start = 1, .steps = 9} == Tanh<>{1, 0, 9, -7, 3});
static_assert(Tanh<>{.start = 1, .steps = 9} != Tanh<>{1, 0, 9, -7, 4});
static_assert(Tanh<>{.start = 1, .steps = 9, .to = -7}.check());

long double exact_tanh(const Tanh<>& s, step_t t) {
  const step_t n = s.steps.steps(), at = gradus::detail::place(t, n, s.past);
  const long double start = exactly(s.start), end = exactly(s.end);
  if (at == n) return end;
  const long double x = exactly(at) / exactly(n), left = exactly(n - at) / exactly(n);
  const long double from = exactly(s.from), to = exactly(s.to);
  return end + (start - end) * (1 - std::tanh(from * left + to * x)) / 2;
}

}  // namespace

TEST_CASE("Tanh conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Tanh<>{0.1, 1e-5, 100}; }, {1e-5, 0.1, 100, falls, 100}, exact_tanh);
  conforms([] { return Tanh<>{1e-3, 0, 12'345, -1, 1}; }, {0, 1e-3, 12'345, falls, 12'345},
           exact_tanh);
  conforms([] { return Tanh<>{0.1, 0.7, 33, -5, 2}; }, {0.1, 0.7, 33, rises, 33}, exact_tanh);
  conforms([] { return Tanh<>{0.3, 0.3, 10}; }, {0.3, 0.3, 10, any, 0}, exact_tanh);
  conforms([] { return Tanh<>{1, 0.5, 1}; }, {0.5, 1, 1, falls, 1}, exact_tanh);
  conforms([] { return Tanh<>{1.9, 0.1, huge - 1, -1000, 1000}; },
           {0.1, 1.9, huge - 1, falls, huge - 1}, exact_tanh);
  conforms([] { return Tanh<>{0.1, 0.7, 33, -7, 3, Past::mirror}; }, {0.1, 0.7, 66}, exact_tanh);
  conforms([] { return Tanh<>{0.1, 0.7, 33, -7, 3, Past::repeat}; }, {0.1, 0.7, 33}, exact_tanh);
  conforms([] { return Tanh<float>{0.1F, 1e-5F, 100}; },
           {conformance::wide(1e-5F), conformance::wide(0.1F), 100, falls, 100});
  conformance::rounds_once(Tanh<float>{0.1F, 1e-5F, 100},
                           Tanh<>{conformance::wide(0.1F), conformance::wide(1e-5F), 100}, 100);
}

TEST_CASE("Tanh is within 2 ulp of its larger end", "[schedule]") {
  for (const double most : {2.0, 10.0, 1000.0}) {
    CAPTURE(most);
    const auto draw = [most](conformance::Random& r) {
      const double from = most * (2 * r.fraction() - 1), to = from + (most - from) * r.fraction();
      const Tanh<> s{r.rate(), r.rate(), r.length(), from, to};
      step_t t = r.step_near(s.steps.steps());
      if (from < 0 && to > 0 && r.below(2) == 0)  // where it is steepest
        t = static_cast<step_t>(-from / (to - from) * static_cast<double>(s.steps.steps()));
      return conformance::Draw<Tanh<>>{s, t, std::max(s.start, s.end)};
    };
    CHECK(conformance::worst_error(draw, exact_tanh) <= 2);
  }
}

TEST_CASE("Tanh begins near its start and ends at its end", "[schedule]") {
  const Tanh<> s{.start = 1, .end = 0, .steps = 1'000};
  CHECK(1 - s(0) == Approx(8.315280276641321e-7).epsilon(1e-9));  // 1 / (1 + e^14)
  CHECK(s(999) == Approx(1 / (1 + std::exp(5.98))).epsilon(1e-12));
  CHECK(s(1'000) == 0);
  CHECK(s(~step_t{0}) == 0);
}

TEST_CASE("Tanh: timm's, and its cycles", "[schedule]") {
  const double lr = 0.1, lr_min = 1e-5, lb = -7, ub = 3;
  const Tanh<> once{.start = lr, .end = lr_min, .steps = 50};
  const Tanh<> cycles{.start = lr, .end = lr_min, .steps = 50, .past = Past::repeat};
  for (step_t t = 0; t < 200; ++t) {
    CAPTURE(t);
    const double tr = static_cast<double>(t % 50) / 50;
    const double rate = lr_min + 0.5 * (lr - lr_min) * (1 - std::tanh(lb * (1 - tr) + ub * tr));
    CHECK(cycles(t) == Approx(rate).epsilon(1e-12));
    CHECK(once(t) == (t < 50 ? cycles(t) : lr_min));
  }
}

TEST_CASE("Tanh refuses bounds that make no fall", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  CHECK(refusal(Tanh<>{1, 0, 0}) == "gradus::Tanh.steps must be > 0 (got 0)");
  CHECK(refusal(Tanh<>{-1, 0, 9}) == "gradus::Tanh.start must be finite and >= 0 (got -1)");
  CHECK(refusal(Tanh<>{1, nan, 9}) == "gradus::Tanh.end must be finite and >= 0 (got nan)");
  CHECK(refusal(Tanh<>{1, 0, 9, nan, 3}) == "gradus::Tanh.from must be in [-1000, 1000] (got nan)");
  CHECK(refusal(Tanh<>{1, 0, 9, -1001, 3}) ==
        "gradus::Tanh.from must be in [-1000, 1000] (got -1001)");
  CHECK(refusal(Tanh<>{1, 0, 9, -7, infinity}) ==
        "gradus::Tanh.to must be in [-1000, 1000] (got inf)");
  CHECK(refusal(Tanh<>{1, 0, 9, 3, -7}) == "gradus::Tanh.to must be > from (got -7)");
  CHECK(refusal(Tanh<>{1, 0, 9, 3, 3}) == "gradus::Tanh.to must be > from (got 3)");
  CHECK(refusal(Tanh<>{1, 0, 9, -1000, 1000}).empty());
}
