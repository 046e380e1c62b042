#include <gradus/schedule/multi_step.hpp>

#include <type_traits>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Boundary;
using gradus::Length;
using gradus::MultiStep;
using gradus::step_t;

namespace {

constexpr MultiStep resnet{.start = 1, .boundaries = {30, 60, 80}, .factor = 0.5};
static_assert(std::is_same_v<decltype(resnet), const MultiStep<3>>);
static_assert(resnet(29) == 1 && resnet(30) == 0.5 && resnet(60) == 0.25 && resnet(80) == 0.125);
static_assert(resnet == MultiStep{1, {30, 60, 80}, 0.5});
static_assert(resnet != MultiStep{1, {30, 60, 90}, 0.5});
static_assert(MultiStep{.start = 1, .boundaries = {30, 30}}.check());

template <std::size_t N>
long double exact_multi_step(const MultiStep<N>& s, step_t t) {
  long double rate = exactly(s.start);
  for (const Length& b : s.boundaries) {
    const step_t first =
        b.steps() + (s.boundary == Boundary::after) - (s.boundary == Boundary::before);
    if (t >= first) rate *= exactly(s.factor);
  }
  return rate;
}
constexpr auto exact_multi_step_of_any = [](const auto& s, step_t t) {
  return exact_multi_step(s, t);
};

}  // namespace

TEST_CASE("MultiStep conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return MultiStep<2>{0.1, {30, 80}}; }, {1e-4, 0.1, 30, falls, 80},
           exact_multi_step_of_any);
  conforms([] { return MultiStep<3>{0.1, {30, 60, 80}, 0.3, Boundary::before}; },
           {1e-4, 0.1, 30, falls, 79}, exact_multi_step_of_any);
  conforms([] { return MultiStep<3>{0.1, {30, 60, 80}, 0.3, Boundary::after}; },
           {1e-4, 0.1, 30, falls, 81}, exact_multi_step_of_any);
  conforms([] { return MultiStep<1>{1.9, {huge}, 0.7}; }, {1, 1.9, huge, falls, huge},
           exact_multi_step_of_any);
  conforms([] { return MultiStep<2>{0.3, {1, 2}, 1}; }, {0.3, 0.3, 1, any, 0},
           exact_multi_step_of_any);
  conforms([] { return MultiStep<2, float>{0.1F, {30, 80}}; },
           {0, conformance::wide(0.1F), 30, falls, 80});
  conformance::rounds_once(MultiStep<2, float>{0.1F, {30, 80}},
                           MultiStep<2>{conformance::wide(0.1F), {30, 80}}, 30);
}

TEST_CASE("MultiStep is within 2 ulp of its start", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t a = 1 + r.length() / 4, b = a + 1 + r.length() / 4, c = b + 1 + r.length() / 4;
    const step_t t = r.step_near(r.below(2) == 0 ? b : c);
    const MultiStep<3> s{r.rate(), {a, b, c}, 1 - r.fraction(), Boundary(r.below(3))};
    return conformance::Draw<MultiStep<3>>{s, t, s.start};
  };
  CHECK(conformance::worst_error(draw, exact_multi_step_of_any) <= 2);
}

TEST_CASE("MultiStep drops at 29 in timm, at 30 in PyTorch, at 31 in Keras", "[schedule]") {
  const auto first_drop = [](Boundary boundary) {
    const MultiStep s{.start = 1, .boundaries = {30, 80}, .boundary = boundary};
    step_t t = 0;
    while (s(t) == 1) ++t;
    return t;
  };
  CHECK(first_drop(Boundary::before) == 29);
  CHECK(first_drop(Boundary::at) == 30);
  CHECK(first_drop(Boundary::after) == 31);
  CHECK(MultiStep{.start = 1, .boundaries = {1}, .boundary = Boundary::before}(0) == 0.1);
}

TEST_CASE("MultiStep drops exactly at boundaries beyond 2^53", "[schedule]") {
  constexpr step_t b = (step_t{1} << 53) + 1, c = gradus::last_step;
  const MultiStep s{.start = 1, .boundaries = {b, c}, .factor = 0.5};
  CHECK(s(b - 1) == 1);
  CHECK(s(b) == 0.5);
  CHECK(s(c - 1) == 0.5);
  CHECK(s(c) == 0.25);
}

TEST_CASE("MultiStep refuses boundaries that do not ascend", "[schedule]") {
  using conformance::refusal;
  const auto nan = conformance::nan();
  CHECK(refusal(MultiStep<1>{-1, {3}}) ==
        "gradus::MultiStep.start must be finite and >= 0 (got -1)");
  CHECK(refusal(MultiStep<1>{nan, {3}}) ==
        "gradus::MultiStep.start must be finite and >= 0 (got nan)");
  CHECK(refusal(MultiStep<2>{1, {30, 30}}) ==
        "gradus::MultiStep.boundaries must be > 0 and ascending (got 30)");
  CHECK(refusal(MultiStep<2>{1, {30, 20}}) ==
        "gradus::MultiStep.boundaries must be > 0 and ascending (got 20)");
  CHECK(refusal(MultiStep<2>{1, {0, 20}}) ==
        "gradus::MultiStep.boundaries must be > 0 and ascending (got 0)");
  CHECK(refusal(MultiStep<2>{1, {-5, 20}, 0.1, Boundary::before}) ==
        "gradus::MultiStep.boundaries must be > 0 and ascending (got -5)");
  CHECK(refusal(MultiStep<2>{1, {5}}) == "gradus::MultiStep.boundaries must be given");
  CHECK(refusal(MultiStep<1>{1, {3}, 0}) == "gradus::MultiStep.factor must be in (0, 1] (got 0)");
  CHECK(refusal(MultiStep<1>{1, {3}, 1.5}) ==
        "gradus::MultiStep.factor must be in (0, 1] (got 1.5)");
  CHECK(refusal(MultiStep<1>{1, {3}, nan}) ==
        "gradus::MultiStep.factor must be in (0, 1] (got nan)");
}
