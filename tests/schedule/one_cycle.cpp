#include <gradus/schedule/one_cycle.hpp>

#include <numbers>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Boundary;
using gradus::Curve;
using gradus::OneCycle;
using gradus::step_t;
using gradus::math::ieee;

namespace {

static_assert(OneCycle{.peak = 1, .steps = 100}(0) == 0.04);
static_assert(OneCycle{.peak = 1, .steps = 100}(29) == 1);
static_assert(OneCycle{.peak = 1, .steps = 100}(99) == 0.04 / 1e4);
static_assert(OneCycle{.peak = 1, .steps = 101, .rise = 0.5, .boundary = Boundary::at}(101) ==
              0.04 / 1e4);
static_assert(OneCycle{.peak = 1, .steps = 9} == OneCycle<>{1, 9});
static_assert(OneCycle{.peak = 1, .steps = 9} != OneCycle<>{1, 9, 0.5});
static_assert(OneCycle{.peak = 1, .steps = 1}.check());

long double exact_one_cycle(const OneCycle<>& s, step_t t) {
  // The ends of the phases are doubles, each operation rounded; the last is a step.
  const double late = s.boundary == Boundary::before ? -1 : s.boundary == Boundary::at ? 0 : 1;
  const auto place = [&](double fraction) {
    return static_cast<double>(fraction * ieee(static_cast<double>(s.steps.value)) + late);
  };
  const long double up = exactly(place(s.rise)), end = exactly(s.steps.value) + exactly(late);
  const long double down = s.back > 0 ? exactly(place(s.back)) : 2 * up;
  const long double peak = exactly(s.peak), first = peak / exactly(s.divisor);
  const long double last = first / exactly(s.final_divisor), at = exactly(t);
  const auto move = [&](long double from, long double to, long double begin, long double stop) {
    const long double x = (at - begin) / (stop - begin);
    if (s.curve == Curve::linear) return from + (to - from) * x;
    return to + (from - to) * (1 + std::cos(std::numbers::pi_v<long double> * x)) / 2;
  };
  if (at >= end) return last;
  if (at <= up) return move(first, peak, 0, up);
  if (s.phases == 2) return move(peak, last, up, end);
  return at <= down ? move(peak, first, up, down) : move(first, last, down, end);
}

}  // namespace

TEST_CASE("OneCycle conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  using enum Curve;
  using One = OneCycle<>;
  constexpr step_t big = step_t{1} << 50;
  const auto expect = [](double last, double peak, step_t steps, step_t end) {
    return conformance::Expect{last, peak, steps, any, end};
  };
  conforms([] { return One{0.1, 100}; }, expect(0.1 / 25 / 1e4, 0.1, 100, 99), exact_one_cycle);
  conforms([] { return One{0.1, 100, 0.25, 25, 4'000, cosine, 2, 0, Boundary::at}; },
           expect(0.1 / 25 / 4'000, 0.1, 100, 100), exact_one_cycle);
  conforms([] { return One{0.1, 100, 0.3, 25, 1e4, linear}; }, expect(0.1 / 25 / 1e4, 0.1, 100, 99),
           exact_one_cycle);
  conforms([] { return One{0.1, 100, 0.3, 25, 1e4, cosine, 3}; },
           expect(0.1 / 25 / 1e4, 0.1, 100, 99), exact_one_cycle);
  conforms([] { return One{0.1, 100, 0.3, 25, 1e4, linear, 3, 0.85, Boundary::at}; },
           expect(0.1 / 25 / 1e4, 0.1, 100, 100), exact_one_cycle);
  conforms([] { return One{1.9, big, 0.3, 25, 1e4}; }, expect(1.9 / 25 / 1e4, 1.9, big, big - 1),
           exact_one_cycle);
  conforms([] { return One{0.5, 10, 0.5, 1, 1}; }, {0.5, 0.5, 10, any, 0}, exact_one_cycle);
  conforms([] { return OneCycle<float>{0.1F, 100}; }, {0, conformance::wide(0.1F), 100, any, 99});
  conformance::rounds_once(OneCycle<float>{0.1F, 100}, One{conformance::wide(0.1F), 100}, 100);
}

TEST_CASE("OneCycle is within 2 ulp of its peak", "[schedule]") {
  for (const Curve curve : {Curve::linear, Curve::cosine}) {
    CAPTURE(curve);
    const auto draw = [curve](conformance::Random& r) {
      const step_t steps = 100 + (r.length() >> 10);
      const double rise = 0.02 + 0.45 * r.fraction();
      const OneCycle<> s{r.rate(),
                         steps,
                         rise,
                         1 + 40 * r.fraction(),
                         1 + 1e4 * r.fraction(),
                         curve,
                         r.below(2) == 0 ? 2 : 3,
                         r.below(2) == 0 ? 0 : 2 * rise,
                         Boundary(r.below(2))};
      return conformance::Draw<OneCycle<>>{s, r.step_near(steps), s.peak};
    };
    CHECK(conformance::worst_error(draw, exact_one_cycle) <= 2);
  }
}

TEST_CASE("OneCycle holds its last value: nothing negative, no error at step N", "[schedule]") {
  for (const Curve curve : {Curve::linear, Curve::cosine})
    for (const int phases : {2, 3}) {
      const OneCycle s{.peak = 1, .steps = 10, .curve = curve, .phases = phases};
      for (const step_t t : {9U, 10U, 11U, 1'000U}) CHECK(s(t) == 0.04 / 1e4);
    }
}

TEST_CASE("OneCycle: PyTorch's peak may lie between two steps", "[schedule]") {
  const OneCycle s{.peak = 1, .steps = 50, .rise = 0.25, .curve = Curve::linear};  // at 11.5
  CHECK(s(11) == Approx(0.04 + 0.96 * 11 / 11.5).epsilon(1e-15));
  CHECK(s(12) == Approx(1 + (4e-6 - 1) * 0.5 / 37.5).epsilon(1e-15));
}

TEST_CASE("OneCycle: optax' cosine_onecycle_schedule and linear_onecycle_schedule", "[schedule]") {
  const double peak = 0.1, first = peak / 25, last = peak / (25 * 1e4);
  const OneCycle cosine{.peak = peak, .steps = 100, .boundary = Boundary::at};
  const OneCycle linear{.peak = peak,
                        .steps = 100,
                        .curve = Curve::linear,
                        .phases = 3,
                        .back = 0.85,
                        .boundary = Boundary::at};
  const auto between = [](double a, double b, double begin, double end, double t, bool line) {
    const double x = (t - begin) / (end - begin);
    return line ? a + (b - a) * x : b + (a - b) / 2 * (std::cos(std::numbers::pi * x) + 1);
  };
  for (step_t t = 0; t < 130; ++t) {
    CAPTURE(t);
    const auto at = static_cast<double>(t);
    CHECK(cosine(t) == Approx(t < 30    ? between(first, peak, 0, 30, at, false)
                              : t < 100 ? between(peak, last, 30, 100, at, false)
                                        : last)
                           .margin(1e-16));
    CHECK(linear(t) == Approx(t < 30    ? between(first, peak, 0, 30, at, true)
                              : t < 85  ? between(peak, first, 30, 85, at, true)
                              : t < 100 ? between(first, first / 1e4, 85, 100, at, true)
                                        : first / 1e4)
                           .epsilon(1e-12));
  }
  // optax rounds the step of the peak down: int(0.3 * 99) = 29.
  const OneCycle cut{.peak = 1, .steps = 99, .rise = 29.0 / 99, .boundary = Boundary::at};
  CHECK(cut(29) == 1);
}

TEST_CASE("OneCycle: fastai's fit_one_cycle, whose div_final divides the peak", "[schedule]") {
  const double peak = 0.1, div = 25, div_final = 1e5;
  const OneCycle s{.peak = peak,
                   .steps = 40,
                   .rise = 0.25,
                   .final_divisor = div_final / div,
                   .boundary = Boundary::at};
  CHECK(s(0) == Approx(peak / div).epsilon(1e-15));
  CHECK(s(5) == Approx(peak / div + (peak - peak / div) / 2).epsilon(1e-15));
  CHECK(s(10) == peak);
  CHECK(s(25) == Approx((peak + peak / div_final) / 2).epsilon(1e-15));
  CHECK(s(40) == Approx(peak / div_final).epsilon(1e-15));
}

TEST_CASE("OneCycle refuses phases without steps", "[schedule]") {
  using conformance::refusal;
  using One = OneCycle<>;
  const auto nan = conformance::nan();
  CHECK(refusal(One{-1, 10}) == "gradus::OneCycle.peak must be finite and >= 0 (got -1)");
  CHECK(refusal(One{nan, 10}) == "gradus::OneCycle.peak must be finite and >= 0 (got nan)");
  CHECK(refusal(One{1, 0}) == "gradus::OneCycle.steps must be > 0 (got 0)");
  CHECK(refusal(One{1, -5}) == "gradus::OneCycle.steps must be > 0 (got -5)");
  CHECK(refusal(One{1, 3}) == "gradus::OneCycle.rise must leave steps to every phase (got 0.3)");
  CHECK(refusal(One{1, 9, 0}) == "gradus::OneCycle.rise must leave steps to every phase (got 0)");
  CHECK(refusal(One{1, 9, 1}) == "gradus::OneCycle.rise must leave steps to every phase (got 1)");
  CHECK(refusal(One{1, 9, nan}) ==
        "gradus::OneCycle.rise must leave steps to every phase (got nan)");
  CHECK(refusal(One{1, 9, 0.3, 0.5}) == "gradus::OneCycle.divisor must be >= 1 (got 0.5)");
  CHECK(refusal(One{1, 9, 0.3, nan}) ==
        "gradus::OneCycle.divisor must be finite and > 0 (got nan)");
  CHECK(refusal(One{1, 9, 0.3, 25, 0}) ==
        "gradus::OneCycle.final_divisor must be finite and > 0 (got 0)");
  CHECK(refusal(One{1, 9, 0.3, 25, 0.01}) ==
        "gradus::OneCycle.final_divisor must be >= 1 / divisor (got 0.01)");
  CHECK(refusal(One{1, 9, 0.3, 25, 1, Curve::root}) ==
        "gradus::OneCycle.curve must be cosine or linear (got 2)");
  CHECK(refusal(One{1, 9, 0.3, 25, 1, Curve::cosine, 4}) ==
        "gradus::OneCycle.phases must be 2 or 3 (got 4)");
  CHECK(refusal(One{1, 9, 0.6, 25, 1, Curve::cosine, 3}) ==
        "gradus::OneCycle.rise must leave steps to every phase (got 0.6)");
  CHECK(refusal(One{1, 9, 0.6, 25, 1, Curve::cosine, 3, -0.5}) ==
        "gradus::OneCycle.back must be finite and >= 0 (got -0.5)");
  CHECK(refusal(One{1, 9, 0.6, 25, 1, Curve::cosine, 3, 0.5}) ==
        "gradus::OneCycle.back must leave steps to every phase (got 0.5)");
  CHECK(refusal(One{1, 9, 0.6, 25, 1, Curve::cosine, 3, 0.9}).empty());
}

TEST_CASE("OneCycle counts exactly beyond 2^53", "[schedule]") {
  // A short late phase, after so many steps that a double cannot count them one by one.
  for (const Curve curve : {Curve::linear, Curve::cosine})
    for (const double rise : {0.3, 0.97, 0.999999}) {
      const OneCycle<> s{.peak = 1, .steps = gradus::last_step, .rise = rise, .curve = curve};
      CHECK_FALSE(s.check());
      CHECK(s(gradus::last_step - 1) == 0.04 / 1e4);
      CHECK(s(gradus::last_step - 2) > 0.04 / 1e4 * 0.999999);
      conformance::Random random;
      double worst = 0;
      for (int i = 0; i < 1'000; ++i) {
        const step_t t = gradus::last_step - (random.next() >> random.below(60));
        worst = std::max(worst, conformance::ulps(s(t), exact_one_cycle(s, t), 1));
      }
      CAPTURE(rise);
      CHECK(worst <= 2);
    }
}

TEST_CASE("OneCycle ends at its peak, not above, where the divisors say so", "[schedule]") {
  for (const double peak : {1.0, 0.1, 0.7, conformance::largest_double})
    for (int i = 0; i < 1'000; ++i) {
      const double divisor = 1 + i / 7.0;
      const OneCycle<> s{
          .peak = peak, .steps = 100, .divisor = divisor, .final_divisor = 1 / divisor};
      REQUIRE_FALSE(s.check());
      for (const step_t t : {29U, 30U, 50U, 98U, 99U, 100U}) CHECK(s(t) <= peak);
      CHECK(s(99) == Approx(peak).epsilon(1e-15));
    }
}
