#include <gradus/schedule/combine/warmup.hpp>

#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/sequence.hpp>
#include <gradus/schedule/combine/shift.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/ramp.hpp>
#include <gradus/schedule/step_decay.hpp>

#include <numbers>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Constant;
using gradus::Cosine;
using gradus::Curve;
using gradus::Shift;
using gradus::step_t;
using gradus::Warmup;

namespace {

constexpr Warmup<Constant<>> four{.steps = 4, .schedule = {1}};
static_assert(four(0) == 0.25 && four(1) == 0.5 && four(2) == 0.75 && four(3) == 1 && four(4) == 1);
constexpr Warmup<Constant<>> from_zero{.steps = 4, .schedule = {1}, .from = 0};
static_assert(from_zero(0) == 0 && from_zero(1) == 0.25 && from_zero(3) == 0.75);
static_assert(from_zero(4) == 1 && from_zero(5) == 1);
static_assert(four != from_zero && Warmup<Constant<>>{4, {1}, 0} == from_zero);
static_assert(Warmup{4, Constant<>{1}, 0, Curve::power, 2}(2) == 0.25);
static_assert(Warmup<Constant<>>{.steps = 4, .schedule = {1}, .curve = Curve::root}(2) == 0.5);
static_assert(four.curve == Curve::linear && Warmup{4, Cosine<>{1, 0, 6}}.length().value == 10);
static_assert(std::same_as<decltype(Warmup{4, Constant<>{1}}), Warmup<Constant<>>>);
static_assert(std::same_as<decltype(Warmup{4, Constant<>{1}, 0.5}), Warmup<Constant<>>>);

// The value at x, with left = 1 - x as an argument, because the difference would lose digits.
long double shape(const Warmup<Cosine<>>& s, long double x, long double left) {
  if (s.curve == Curve::cosine) return (1 - std::cos(std::numbers::pi_v<long double> * x)) / 2;
  if (s.curve == Curve::root) return 1 - std::sqrt(left);
  if (s.curve == Curve::power) return std::pow(x, exactly(s.power));
  return x;
}
long double exact_warmup(const Warmup<Cosine<>>& s, step_t t) {
  const step_t w = s.steps.steps();
  const Cosine<>& c = s.schedule;
  const long double start = exactly(c.start), end = exactly(c.end);
  if (t >= w) {
    if (t - w >= c.steps.steps()) return end;
    const long double at = exactly(t - w) / exactly(c.steps.steps());
    return end + (start - end) * (1 + std::cos(std::numbers::pi_v<long double> * at)) / 2;
  }
  const step_t at = s.from ? t : t + 1;
  const long double from = exactly(s.from.value_or(0));
  const long double x = exactly(at) / exactly(w), left = exactly(w - at) / exactly(w);
  if (s.curve == Curve::geometric) return start * std::pow(from, left);
  return start * (from + (1 - from) * shape(s, x, left));
}

}  // namespace

TEST_CASE("Warmup conforms", "[schedule]") {
  using conformance::conforms;
  constexpr step_t huge = step_t{1} << 60;
  conforms([] { return Warmup{10, Cosine<>{0.1, 1e-5, 90}}; }, {1e-5, 0.1, 100, {}, 100},
           exact_warmup);
  conforms([] { return Warmup{10, Cosine<>{0.1, 1e-5, 90}, 0.0}; }, {0, 0.1, 100, {}, 100},
           exact_warmup);
  conforms([] { return Warmup{7, Cosine<>{0.3, 0, 90}, 1.0 / 3}; }, {0, 0.3, 97, {}, 97},
           exact_warmup);
  conforms([] { return Warmup{1, Cosine<>{0.3, 0, 90}}; }, {0, 0.3, 91, {}, 91}, exact_warmup);
  conforms([] { return Warmup{huge, Cosine<>{1.9, 0.1, huge}}; }, {0, 1.9, 2 * huge}, exact_warmup);
  conforms([] { return Warmup{huge, Cosine<>{1.9, 0.1, huge}, 0.9}; }, {0, 1.9, 2 * huge},
           exact_warmup);
  conforms([] { return Warmup{10, Cosine<>{0.1, 0, 90}, 0, Curve::cosine}; }, {0, 0.1, 100},
           exact_warmup);
  conforms([] { return Warmup{10, Cosine<>{0.1, 0, 90}, 0.1, Curve::root}; }, {0, 0.1, 100},
           exact_warmup);
  conforms([] { return Warmup{10, Cosine<>{0.1, 0, 90}, 0, Curve::power, 4}; }, {0, 0.1, 100},
           exact_warmup);
  conforms([] { return Warmup{10, Cosine<>{0.1, 0, 90}, 1e-4, Curve::geometric}; }, {0, 0.1, 100},
           exact_warmup);
  using conformance::Course;
  conforms([] { return Warmup{97, Constant<>{0.7}}; }, {0, 0.7, 97, Course::rises, 97});
  conforms([] { return Warmup{97, Constant<>{0.7}, 0.1}; },
           {0.7 * 0.1, 0.7, 97, Course::rises, 97});
  conforms([] { return Warmup{97, Constant<float>{0.7F}, 1}; },
           {conformance::wide(0.7F), conformance::wide(0.7F), 97, Course::any, 0});
  conforms([] { return Warmup{10, Warmup{10, Constant<>{0.1}}}; }, {0, 0.1, 20});
}

TEST_CASE("Warmup is within 2 ulp of the schedule's largest value", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    Warmup<Cosine<>> s{r.length(), {r.rate(), r.rate(), r.length()}};
    if (r.below(2) == 0) s.from = r.below(8) == 0 ? 1 : r.fraction();
    if (r.below(2) == 0) {
      s.curve = std::array{Curve::cosine, Curve::root, Curve::power}[r.below(3)];
      s.power = 0.25 + 4 * r.fraction();
    }
    if (s.from.value_or(0) > 0 && s.schedule.start > 0 && r.below(2) == 0)
      s.curve = Curve::geometric;
    const step_t t = r.below(4) == 0 ? s.steps.steps() + r.step_near(s.schedule.steps.steps())
                                     : r.step_near(s.steps.steps());
    return conformance::Draw<Warmup<Cosine<>>>{s, t, std::max(s.schedule.start, s.schedule.end)};
  };
  CHECK(conformance::worst_error(draw, exact_warmup) <= 2);
}

TEST_CASE("Warmup reaches the peak at its last step, and hands over without a dip", "[schedule]") {
  for (const step_t w : {1U, 2U, 3U, 7U, 10U, 49U, 1'000U}) {
    CAPTURE(w);
    const Cosine<> cosine{.start = 0.1, .end = 0, .steps = 1'000};
    const Warmup s{w, cosine};
    CHECK(s(0) > 0);  // no update has a rate of 0
    CHECK(s(0) == Approx(0.1 / static_cast<double>(w)).epsilon(1e-15));
    for (step_t t = 1; t < w; ++t) CHECK(s(t) > s(t - 1));
    CHECK(s(w - 1) == 0.1);
    CHECK(s(w) == 0.1);
    CHECK(s(w + 1) == cosine(1));
    CHECK(s(w + 1'000) == 0);
  }
}

TEST_CASE("Warmup with from reaches the peak one step after its last", "[schedule]") {
  for (const step_t w : {1U, 2U, 3U, 7U, 10U, 49U, 1'000U})
    for (const double from : {0.0, 0.25, 1.0 / 3, 0.999}) {
      CAPTURE(w, from);
      const Cosine<> cosine{.start = 0.1, .end = 0, .steps = 1'000};
      const Warmup s{w, cosine, from};
      CHECK(s(0) == 0.1 * from);
      for (step_t t = 1; t < w; ++t) CHECK(s(t) > s(t - 1));
      CHECK(s(w - 1) < 0.1);
      const double left = (1 - from) / static_cast<double>(w);
      CHECK(s(w - 1) == Approx(0.1 * (1 - left)).epsilon(1e-15));
      CHECK(s(w) == 0.1);
      CHECK(s(w + 1) == cosine(1));
    }
}

TEST_CASE("Warmup on every curve climbs to the peak without overshoot", "[schedule]") {
  for (const Curve curve : {Curve::linear, Curve::cosine, Curve::root, Curve::power})
    for (const step_t w : {1U, 2U, 3U, 49U, 1'000U})
      for (const double power : {0.5, 1.0, 4.0}) {
        CAPTURE(static_cast<int>(curve), w, power);
        const Cosine<> cosine{.start = 0.1, .end = 0, .steps = 1'000};
        const Warmup<Cosine<>> s{w, cosine, {}, curve, power}, zero{w, cosine, 0, curve, power};
        for (step_t t = 1; t < w; ++t) CHECK((s(t) > s(t - 1) && zero(t) > zero(t - 1)));
        CHECK((s(0) > 0 && s(w - 1) == 0.1 && s(w) == 0.1 && s(w + 1) == cosine(1)));
        CHECK((zero(0) == 0 && zero(w - 1) < 0.1 && zero(w) == 0.1));
        for (step_t t = 0; t < w; ++t) CHECK(zero(t + 1) == s(t));
      }
}

TEST_CASE("Warmup: the other systems' first steps and hand-offs", "[schedule]") {
  const Cosine<> cosine{.start = 1, .end = 0, .steps = 90};
  // darknet's burn-in: (t / W)^power.
  CHECK(Warmup{10, cosine, 0, Curve::power, 4}(5) == 0.0625);
  // Hugging Face's "1-sqrt": 1 - sqrt(1 - t / W).
  CHECK(Warmup{100, cosine, 0, Curve::root}(75) == 0.5);
  // Exponential, equal ratios: from 1/100 by way of 1/10.
  CHECK(Warmup{10, cosine, 0.01, Curve::geometric}(5) == Approx(0.1).epsilon(1e-15));
  // MXNet's (n - 1) / (W - 1) shows the peak at W - 1 and at W.
  const Warmup again{9, Shift{cosine, 1}, 0};
  CHECK((again(1) == 1.0 / 9 && again(9) == 1 && again(10) == 1 && again(11) == cosine(1)));
  // In timm's cosine without warmup_prefix the warmup covers the first steps, and the rate jumps
  // down.
  const gradus::Sequence timm{gradus::Ramp<>{0.1, 1, 10}, Shift{cosine, -10}};
  CHECK((timm(0) == 0.1 && timm(9) == Approx(0.91) && timm(10) == cosine(10)));
  CHECK(timm.length() == gradus::Length(90));
  // In timm's tanh without it the warmup climbs to the rate of the schedule at its end.
  const Warmup joined{10, Shift{cosine, -10}, 0};
  CHECK((joined(5) == cosine(10) / 2 && joined(10) == cosine(10) && joined(11) == cosine(11)));
  // DeepSpeed and Hugging Face's cosine_warmup_with_min_lr: below the peak right after the warmup.
  const gradus::Sequence below{gradus::Ramp<>{0, 1, 10}, Shift{cosine, -1}};
  CHECK((below(9) == 0.9 && below(10) == cosine(1)));
}

TEST_CASE("Warmup of one step is the schedule's first value, once", "[schedule]") {
  const Warmup s{1, gradus::StepDecay<>{.start = 1, .every = 1, .factor = 0.5}};
  CHECK(s(0) == 1);
  CHECK(s(1) == 1);
  CHECK(s(2) == 0.5);
}

TEST_CASE("Warmup counts exactly beyond 2^53", "[schedule]") {
  constexpr step_t w = step_t{1} << 62;
  const Warmup s{w, Constant<>{1}};
  CHECK(s(w / 2 - 1) == 0.5);
  CHECK(s(w / 4 * 3 - 1) == 0.75);
  CHECK(s(w - 1) == 1);
  const Warmup late{(step_t{1} << 53) + 1,
                    gradus::StepDecay<>{.start = 1, .every = 1, .factor = 0.5}};
  CHECK(late((step_t{1} << 53) + 1) == 1);
  CHECK(late((step_t{1} << 53) + 2) == 0.5);
}

TEST_CASE("Warmup takes any schedule", "[schedule]") {
  const Warmup s{2, [](step_t t) { return 8.0 / static_cast<double>(t + 1); }};
  static_assert(gradus::Schedule<decltype(s)> && !noexcept(s(0)));
  CHECK(s(0) == 4);
  CHECK(s(1) == 8);
  CHECK(s(2) == 8);
  CHECK(s(3) == 4);
  CHECK_FALSE(s.check());
}

TEST_CASE("Warmup refuses its own fields, and what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  const Constant<> one{1};
  CHECK(refusal(Warmup{0, one}) == "");
  CHECK(refusal(Warmup{-8, one}) == "gradus::Warmup.steps must be >= 0 (got -8)");
  CHECK(refusal(Warmup{step_t{5} - 6, one}) == "gradus::Warmup.steps must be >= 0 (got -1)");
  CHECK(refusal(Warmup{5, one, -0.5}) == "gradus::Warmup.from must be in [0, 1] (got -0.5)");
  CHECK(refusal(Warmup{5, one, 1.5}) == "gradus::Warmup.from must be in [0, 1] (got 1.5)");
  CHECK(refusal(Warmup{5, one, conformance::nan()}) ==
        "gradus::Warmup.from must be in [0, 1] (got nan)");
  CHECK(refusal(Warmup{5, one, 0, Curve::power, -1}) ==
        "gradus::Warmup.power must be finite and > 0 (got -1)");
  CHECK(refusal(Warmup{5, one, 0, Curve::geometric}) ==
        "gradus::Warmup.from must be > 0 for the geometric curve (got 0)");
  CHECK(refusal(Warmup<Constant<>>{.steps = 5, .schedule = {1}, .curve = Curve::geometric}) ==
        "gradus::Warmup.from must be > 0 for the geometric curve (got 0)");
  CHECK(refusal(Warmup{5, Constant<>{0}, 0.5, Curve::geometric}) ==
        "gradus::Warmup.schedule must begin above 0 for the geometric curve (got 0)");
  CHECK(refusal(Warmup{5, Constant<>{-1}}) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Warmup{5, Warmup{5, Cosine<>{1, 0, 0}}}) ==
        "gradus::Cosine.steps must be > 0 (got 0)");
}

TEST_CASE("Warmup refuses a geometric curve from a rate that is none", "[schedule]") {
  const Warmup<Constant<>> s{10, Constant<>{1e-320}, 1e-5, Curve::geometric};
  CHECK(conformance::refusal(s) ==
        "gradus::Warmup.from must not make the first rate 0 for the geometric curve (got 1e-05)");
}
