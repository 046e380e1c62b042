#include <gradus/schedule/piecewise_constant.hpp>

#include <type_traits>

#include "support/schedule_conformance.hpp"

using gradus::Boundary;
using gradus::PiecewiseConstant;
using gradus::step_t;

namespace {

constexpr PiecewiseConstant stairs{.start = 1, .points = {{10, 0.5}, {20, 0.75}}};
static_assert(std::is_same_v<decltype(stairs), const PiecewiseConstant<2>>);
static_assert(stairs(0) == 1 && stairs(9) == 1 && stairs(10) == 0.5 && stairs(20) == 0.75);
static_assert(stairs == PiecewiseConstant{1, {{10, 0.5}, {20, 0.75}}});
static_assert(stairs != PiecewiseConstant{1, {{10, 0.5}, {20, 0.7}}});
static_assert(PiecewiseConstant{.start = 1, .points = {{0, 0.5}}}.check());

}  // namespace

TEST_CASE("PiecewiseConstant conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return stairs; }, {0.5, 1, 10, any, 20});
  conforms([] { return PiecewiseConstant<2>{0.1, {{10, 0.2}, {20, 0.3}}, Boundary::before}; },
           {0.1, 0.3, 10, rises, 19});
  conforms([] { return PiecewiseConstant<2>{0.3, {{10, 0.2}, {20, 0}}, Boundary::after}; },
           {0, 0.3, 10, falls, 21});
  conforms([] { return PiecewiseConstant<1, float>{0.3F, {{10, 0.1F}}}; },
           {conformance::wide(0.1F), conformance::wide(0.3F), 10, falls, 10});
  conformance::rounds_once(
      PiecewiseConstant<1, float>{0.3F, {{10, 0.1F}}},
      PiecewiseConstant<1>{conformance::wide(0.3F), {{10, conformance::wide(0.1F)}}}, 10);
}

TEST_CASE("PiecewiseConstant is one of its values, bit for bit", "[schedule]") {
  conformance::Random random;
  for (int i = 0; i < 10'000; ++i) {
    const step_t a = 1 + random.length() / 4, b = a + 1 + random.length() / 4;
    const PiecewiseConstant<2> s{random.rate(), {{a, random.rate()}, {b, random.rate()}}};
    const step_t t = random.step_near(random.below(2) == 0 ? a : b);
    CAPTURE(a, b, t);
    CHECK(s(t) == (t < a ? s.start : t < b ? s.points[0].value : s.points[1].value));
  }
}

TEST_CASE("PiecewiseConstant: Keras keeps the value at its boundary", "[schedule]") {
  const PiecewiseConstant s{
      .start = 1, .points = {{10, 0.5}, {20, 0.1}}, .boundary = Boundary::after};
  for (step_t t = 0; t < 50; ++t) CHECK(s(t) == (t <= 10 ? 1 : t <= 20 ? 0.5 : 0.1));
}

TEST_CASE("PiecewiseConstant: PyTorch's milestone given twice is two drops at once", "[schedule]") {
  const PiecewiseConstant s{.start = 1, .points = {{30, 0.01}}};
  CHECK(s(29) == 1);
  CHECK(s(30) == 0.01);
}

TEST_CASE("PiecewiseConstant refuses points that do not ascend, and values that are none",
          "[schedule]") {
  using conformance::refusal;
  using Two = PiecewiseConstant<2>;
  CHECK(refusal(Two{-1, {{10, 1}, {20, 1}}}) ==
        "gradus::PiecewiseConstant.start must be finite and >= 0 (got -1)");
  CHECK(refusal(Two{1, {{10, -1}, {20, 1}}}) ==
        "gradus::PiecewiseConstant.points.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Two{1, {{10, 1}, {20, conformance::nan()}}}) ==
        "gradus::PiecewiseConstant.points.value must be finite and >= 0 (got nan)");
  CHECK(refusal(Two{1, {{0, 1}, {20, 1}}}) ==
        "gradus::PiecewiseConstant.points.at must be > 0 and ascending (got 0)");
  CHECK(refusal(Two{1, {{10, 1}, {10, 1}}}) ==
        "gradus::PiecewiseConstant.points.at must be > 0 and ascending (got 10)");
  CHECK(refusal(Two{1, {{10, 1}, {-10, 1}}}) ==
        "gradus::PiecewiseConstant.points.at must be > 0 and ascending (got -10)");
  CHECK(refusal(Two{1, {{10, 1}}}) == "gradus::PiecewiseConstant.points.at must be given");
}
