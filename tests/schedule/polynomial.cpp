#include <gradus/schedule/polynomial.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Past;
using gradus::Polynomial;
using gradus::step_t;

namespace {

static_assert(Polynomial<>{.start = 1, .end = 0.5, .steps = 4}(1) == 0.875);
static_assert(Polynomial<>{.start = 1, .end = 0, .steps = 4, .power = 2}(1) == 0.5625);
static_assert(Polynomial<>{.start = 1, .end = 0, .steps = 4, .power = 0.5}(3) == 0.5);
static_assert(Polynomial<>{.start = 1, .end = 0, .steps = 4, .power = 2}(4) == 0);
static_assert(Polynomial<>{.start = 0, .end = 1, .steps = 2, .power = 2}(1) == 0.75);
static_assert(Polynomial<>{1, 0, 4, 2, Past::mirror}(6) == 0.25);
static_assert(Polynomial<>{1, 0, 4, 2, Past::repeat}(6) == 0.25);
static_assert(Polynomial<>{.start = 1, .steps = 9} == Polynomial<>{1, 0, 9, 1});
static_assert(Polynomial<>{.start = 1, .steps = 9} != Polynomial<>{1, 0, 9, 2});
static_assert(Polynomial<>{.start = 1, .steps = 9, .power = 0}.check());

long double exact_polynomial(const Polynomial<>& s, step_t t) {
  step_t n = s.steps.steps();
  if (s.cycle && t > n) n *= (t - 1) / n + 1;  // t < 2^63: below 2^64
  const step_t at = gradus::detail::place(t, n, s.past);
  const long double start = exactly(s.start), end = exactly(s.end), x = exactly(at) / exactly(n);
  if (at == n) return end;
  const long double log = x < 0.5L ? std::log1p(-x) : std::log(exactly(n - at) / exactly(n));
  return end + (start - end) * std::exp(exactly(s.power) * log);
}

}  // namespace

TEST_CASE("Polynomial conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Polynomial<>{0.1, 1e-5, 100}; }, {1e-5, 0.1, 100, falls, 100},
           exact_polynomial);
  conforms([] { return Polynomial<>{1e-3, 0, 12'345, 2}; }, {0, 1e-3, 12'345, falls, 12'345},
           exact_polynomial);
  conforms([] { return Polynomial<>{0.1, 0.7, 33, 0.5}; }, {0.1, 0.7, 33, rises, 33},
           exact_polynomial);
  conforms([] { return Polynomial<>{0.3, 0.3, 10, 3}; }, {0.3, 0.3, 10, any, 0}, exact_polynomial);
  conforms([] { return Polynomial<>{1, 0.5, 1, 1e6}; }, {0.5, 1, 1, falls, 1}, exact_polynomial);
  conforms([] { return Polynomial<>{1.9, 0.1, huge - 1, 0x1p60}; },
           {0.1, 1.9, huge - 1, falls, huge - 1}, exact_polynomial);
  conforms([] { return Polynomial<>{0.1, 0.7, 33, 2.5, Past::mirror}; }, {0.1, 0.7, 66},
           exact_polynomial);
  conforms([] { return Polynomial<>{0.1, 0.7, 33, 2.5, Past::repeat}; }, {0.1, 0.7, 33},
           exact_polynomial);
  conforms([] { return Polynomial<>{.start = 0.1, .end = 0.01, .steps = 10, .cycle = true}; },
           {0.01, 0.1, 10});
  conforms([] { return Polynomial<float>{0.1F, 1e-5F, 100, 0.9}; },
           {conformance::wide(1e-5F), conformance::wide(0.1F), 100, falls, 100});
  conformance::rounds_once(
      Polynomial<float>{0.1F, 1e-5F, 100, 0.9},
      Polynomial<>{conformance::wide(0.1F), conformance::wide(1e-5F), 100, 0.9}, 100);
}

TEST_CASE("Polynomial is within 2 ulp of its larger end", "[schedule]") {
  for (const bool cycle : {false, true}) {
    const auto draw = [cycle](conformance::Random& r) {
      const double power = std::ldexp(1 + r.fraction(), static_cast<int>(r.below(70)) - 10);
      const Polynomial<> s{r.rate(), r.rate(), r.length(), power, Past::hold, cycle};
      const step_t t = r.step_near(s.steps.steps()) >> (cycle ? 1 : 0);
      return conformance::Draw<Polynomial<>>{s, t, std::max(s.start, s.end)};
    };
    CHECK(conformance::worst_error(draw, exact_polynomial) <= 2);
  }
}

TEST_CASE("Polynomial has exact ends, for every length", "[schedule]") {
  conformance::has_exact_ends([](auto& random) {
    return Polynomial<>{random.rate(), random.rate(), random.length(), 8 * random.fraction()};
  });
}

TEST_CASE("Polynomial: Keras' cycle stretches the way to the next multiple", "[schedule]") {
  const Polynomial<> s{.start = 0.1, .end = 0.01, .steps = 10, .power = 0.5, .cycle = true};
  CHECK(s(0) == 0.1);
  for (step_t t = 1; t < 100; ++t) {
    CAPTURE(t);
    const double steps = 10 * std::ceil(static_cast<double>(t) / 10);
    const double left = 1 - static_cast<double>(t) / steps;
    CHECK(s(t) == Approx((0.1 - 0.01) * std::pow(left, 0.5) + 0.01).epsilon(1e-14));
  }
  for (const step_t t : {10U, 20U, 30U, 1'000U}) CHECK(s(t) == 0.01);
  CHECK(s(11) > s(9));  // climbs again, but not up to the start
  CHECK(s(11) < 0.1);
  for (const step_t t : {gradus::last_step, step_t{1} << 63, ~step_t{0} - 5, ~step_t{0}}) {
    CHECK(s(t) >= 0.01);
    CHECK(s(t) < 0.0101);
  }
}

TEST_CASE("Polynomial holds where Caffe's has no value", "[schedule]") {
  const Polynomial<> s{.start = 0.1, .end = 0, .steps = 10, .power = 0.9};
  for (const step_t t : {10U, 11U, 12U, 100U}) CHECK(s(t) == 0);
}

TEST_CASE("Polynomial: the defaults of timm and MXNet are a field", "[schedule]") {
  const Polynomial<> timm{.start = 0.5, .end = 0.1, .steps = 16, .power = 0.5};
  CHECK(timm(12) == Approx(0.1 + 0.4 * 0.5).epsilon(1e-15));
  const Polynomial<> mxnet{.start = 0.5, .end = 0.1, .steps = 16, .power = 2};
  CHECK(mxnet(12) == Approx(0.1 + 0.4 * 0.0625).epsilon(1e-15));
}

TEST_CASE("Polynomial refuses what is no power and no past", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  const auto with_power = [](double power) { return Polynomial<>{1, 0, 9, power}; };
  conformance::refuses_start_to_end<Polynomial<>>();
  CHECK(refusal(with_power(0)) == "gradus::Polynomial.power must be finite and > 0 (got 0)");
  CHECK(refusal(with_power(-1)) == "gradus::Polynomial.power must be finite and > 0 (got -1)");
  CHECK(refusal(with_power(nan)) == "gradus::Polynomial.power must be finite and > 0 (got nan)");
  CHECK(refusal(with_power(infinity)) ==
        "gradus::Polynomial.power must be finite and > 0 (got inf)");
  CHECK(refusal(with_power(1e308)).empty());
  CHECK(refusal(Polynomial<>{1, 0, 9, 1, Past::repeat, true}) ==
        "gradus::Polynomial.past must be hold with cycle (got 2)");
  CHECK(refusal(Polynomial<>{1, 0, 0, nan, Past::mirror, true}) ==
        "gradus::Polynomial.steps must be > 0 (got 0)");
}
