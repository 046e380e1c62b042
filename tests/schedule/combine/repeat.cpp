#include <gradus/schedule/combine/repeat.hpp>

#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Cosine;
using gradus::InverseTime;
using gradus::Length;
using gradus::Repeat;
using gradus::step_t;

namespace {

constexpr Repeat<InverseTime<>> twice{.schedule = {1, 1}, .steps = 2, .times = 2};
static_assert(twice(0) == 1 && twice(1) == 0.5 && twice(2) == 1 && twice(3) == 0.5);
static_assert(twice(4) == 1.0 / 3 && twice(5) == 1.0 / 3);  // the schedule's own value at 2
static_assert(Repeat{InverseTime<>{1, 1}, 2, 2} == twice);
static_assert(Repeat{InverseTime<>{1, 1}, 2} != twice);
static_assert(Repeat{Cosine<>{1, 0, 10}}(10) == 1 && Repeat{Cosine<>{1, 0, 10}}(25) == 0.5);

static_assert(twice.length() == Length(4) &&
              Repeat{InverseTime<>{}, 2}.length() == Length::endless());
static_assert(Repeat<Cosine<>>{{1, 0, 10}, {}, 3}.length() == Length(30));
static_assert(Repeat{Cosine<>{}, step_t{1} << 40, step_t{1} << 40}.length() ==
              Length(gradus::last_step));

long double exact_repeat(const Repeat<InverseTime<>>& s, step_t t) {
  const step_t steps = s.steps.steps();
  const step_t at = s.times.value > 0 && t / steps >= s.times.steps() ? steps : t % steps;
  return exactly(s.schedule.start) / (1 + exactly(s.schedule.decay) * exactly(at));
}

}  // namespace

TEST_CASE("Repeat conforms", "[schedule]") {
  using conformance::conforms;
  conforms([] { return Repeat{InverseTime<>{0.1, 0.05}, 50}; }, {0, 0.1, 50}, exact_repeat);
  conforms([] { return Repeat{InverseTime<>{0.1, 0.05}, 50, 3}; }, {0, 0.1, 50, {}, 150},
           exact_repeat);
  constexpr step_t huge = step_t{1} << 60;
  conforms([] { return Repeat{InverseTime<>{1.9, 1e-18}, huge, 3}; }, {0, 1.9, huge}, exact_repeat);
  conforms([] { return Repeat<Cosine<float>>{{1, 0.5F, 100}, {}, 2}; }, {0.5, 1, 100, {}, 200});
  conforms([] { return Repeat<Repeat<Cosine<>>>{{{1, 0, 10}, {}, 3}}; }, {0, 1, 10});
}

TEST_CASE("Repeat is as exact as its schedule", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t steps = r.length(), t = r.step_near(steps);
    const InverseTime<> s{r.rate(), 8 * r.fraction() / (1 + static_cast<double>(t))};
    return conformance::Draw<Repeat<InverseTime<>>>{{s, steps, r.below(4)}, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_repeat) <= 2);
}

TEST_CASE("Repeat begins anew at exactly every multiple", "[schedule]") {
  const auto own_step = [](step_t t) { return static_cast<double>(t); };
  for (const step_t n : {step_t{1}, step_t{3}, step_t{1'000}, (step_t{1} << 53) + 1}) {
    CAPTURE(n);
    const Repeat s{own_step, n, 100};
    for (step_t round = 0; round < 100; ++round) {
      CHECK(s(round * n) == 0);
      CHECK(s(round * n + n - 1) == static_cast<double>(n - 1));
    }
    CHECK(s(100 * n) == static_cast<double>(n));
    CHECK(s(~step_t{0}) == static_cast<double>(n));
  }
}

TEST_CASE("Repeat: timm's cycle_limit ends at the floor, PyTorch's restarts never do",
          "[schedule]") {
  const Cosine<> cosine{.start = 1, .end = 0.01, .steps = 10};
  const Repeat three{.schedule = cosine, .times = 3};
  CHECK(three(29) > 0.01);
  CHECK(three(30) == 0.01);
  CHECK(Repeat{cosine}(30) == 1);
}

TEST_CASE("Repeat refuses its own fields, and what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  const gradus::Constant<> one{1};
  CHECK(refusal(Repeat{one, 0}) == "gradus::Repeat.steps must be > 0 (got 0)");
  CHECK(refusal(Repeat{one, -1}) == "gradus::Repeat.steps must be > 0 (got -1)");
  CHECK(refusal(Repeat{one}) == "gradus::Repeat.steps must be given");
  CHECK(refusal(Repeat<Repeat<gradus::Constant<>>>{{one, 5}}) ==
        "gradus::Repeat.steps must be given");
  CHECK(refusal(Repeat{one, 0, 3}) == "");  // 0 steps three times
  CHECK(refusal(Repeat{one, 5, -2}) == "gradus::Repeat.times must be >= 0 (got -2)");
  CHECK(refusal(Repeat{Cosine<>{1, 0, 0}}) == "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK(refusal(Repeat{gradus::Constant<>{-1}, 5}) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
}
