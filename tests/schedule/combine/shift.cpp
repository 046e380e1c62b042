#include <gradus/schedule/combine/shift.hpp>

#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>
#include <gradus/schedule/step_decay.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Cosine;
using gradus::InverseTime;
using gradus::last_step;
using gradus::Length;
using gradus::Shift;
using gradus::step_t;

namespace {

constexpr Shift<InverseTime<>> later{.schedule = {1, 1}, .by = 2}, earlier{{1, 1}, -2};
static_assert(later(0) == 1 && later(2) == 1 && later(3) == 0.5 && later(4) == 1.0 / 3);
static_assert(earlier(0) == 1.0 / 3 && earlier(1) == 0.25);
static_assert(Shift{InverseTime<>{1, 1}, 2} == later && earlier != later);

static_assert(Shift{Cosine<>{1, 0, 10}, 5}.length() == Length(15));
static_assert(Shift{Cosine<>{1, 0, 10}, -4}.length() == Length(6));
static_assert(Shift{Cosine<>{1, 0, 10}, -10}.length() == Length(0));
static_assert(Shift{Cosine<>{1, 0, 10}, 0}.length() == Length(10));

long double exact_shift(const Shift<InverseTime<>>& s, step_t t) {
  const long double at = std::max(exactly(t) - exactly(s.by.value), 0.0L);
  return exactly(s.schedule.start) / (1 + exactly(s.schedule.decay) * at);
}

}  // namespace

TEST_CASE("Shift conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 60;
  conforms([] { return Shift{InverseTime<>{0.1, 0.05}, 50}; }, {0, 0.1, 50, falls}, exact_shift);
  conforms([] { return Shift{InverseTime<>{0.1, 0.05}, -50}; }, {0, 0.1, 50, falls}, exact_shift);
  conforms([] { return Shift{InverseTime<>{1.9, 1e-18}, huge}; }, {0, 1.9, huge, falls},
           exact_shift);
  conforms([] { return Shift{Cosine<float>{1, 0.5F, 100}, -1}; }, {0.5, 1, 99, falls, 99});
}

TEST_CASE("Shift is as exact as its schedule", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t distance = r.length(), t = r.step_near(distance);
    const Length by = r.below(2) == 0 ? Length(distance) : Length(-Length(distance).value);
    const InverseTime<> s{r.rate(), 8 * r.fraction() / (1 + static_cast<double>(t))};
    return conformance::Draw<Shift<InverseTime<>>>{{s, by}, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_shift) <= 2);
}

TEST_CASE("Shift goes as far as integers do", "[schedule]") {
  const auto own_step = [](step_t t) { return static_cast<double>(t); };
  const auto furthest = std::numeric_limits<std::int64_t>::min();
  CHECK(Shift{own_step, furthest}(0) == 0x1p63);
  CHECK(Shift{own_step, furthest}(~step_t{0}) == 0x1p64);
  CHECK(Shift{own_step, -1}(~step_t{0}) == 0x1p64);
  CHECK(Shift{own_step, last_step}(last_step) == 0);
  CHECK(Shift{own_step, last_step}(last_step + 1) == 1);
  CHECK(Shift{own_step, 0}(5) == 5);
  CHECK(Shift{own_step, step_t{0} - 3}(5) == 8);  // a wrapped -3
}

TEST_CASE("Shift: the conventions that differ by a step", "[schedule]") {
  // The first step with the lower rate for a boundary of 30, in timm and Keras.
  const gradus::StepDecay<> drop{.start = 1, .every = 30, .factor = 0.1};
  CHECK((Shift{drop, -1}(28) == 1 && Shift{drop, -1}(29) < 1));
  CHECK((Shift{drop, 1}(30) == 1 && Shift{drop, 1}(31) < 1));
  // A warmup that covers the first steps of a schedule, without a jump at its end.
  const Cosine<> cosine{1, 0, 100};
  const gradus::Warmup under{10, Shift{cosine, -10}};
  CHECK(under.length() == Length(100));
  CHECK(under(9) == cosine(10));
  for (step_t t = 10; t <= 110; ++t) CHECK(under(t) == cosine(t));
  // Two steps with the peak.
  const gradus::Warmup again{9, Shift{cosine, 1}, 0};
  CHECK((again(0) == 0 && again(8) < 1 && again(9) == 1 && again(10) == 1 && again(11) < 1));
}

TEST_CASE("Shift refuses what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  CHECK(refusal(Shift{Cosine<>{1, 0, 0}, 5}) == "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK(refusal(Shift{gradus::Constant<>{1}, -5}) == "");
}
