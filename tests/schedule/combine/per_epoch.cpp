#include <gradus/schedule/combine/per_epoch.hpp>

#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/step_decay.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::PerEpoch;
using gradus::step_t;
using gradus::StepDecay;

namespace {

constexpr PerEpoch<StepDecay<>> halves{.steps = 10, .schedule = {1, 1, 0.5}};
static_assert(halves(0) == 1 && halves(9) == 1 && halves(10) == 0.5 && halves(20) == 0.25);
static_assert(std::same_as<decltype(PerEpoch{10, StepDecay<>{}}), PerEpoch<StepDecay<>>>);
static_assert(PerEpoch{10, StepDecay<>{1, 1, 0.5}} == halves);
static_assert(PerEpoch{11, StepDecay<>{1, 1, 0.5}} != halves);

long double exact_per_epoch(const PerEpoch<StepDecay<>>& s, step_t t) {
  const step_t drops = t / s.steps.steps() / s.schedule.every.steps();
  return exactly(s.schedule.start) * std::pow(exactly(s.schedule.factor), exactly(drops));
}

}  // namespace

TEST_CASE("PerEpoch conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return PerEpoch{10, StepDecay<>{0.1, 3, 0.7}}; }, {0, 0.1, 30, falls},
           exact_per_epoch);
  conforms([] { return PerEpoch{1, StepDecay<>{1.9, 100, 0.9}}; }, {0, 1.9, 100, falls},
           exact_per_epoch);
  conforms([] { return PerEpoch{step_t{1} << 55, StepDecay<>{1.9, 5, 0.999}}; },
           {0, 1.9, step_t{1} << 55, falls}, exact_per_epoch);
  conforms([] { return PerEpoch{7, gradus::Cosine<float>{1, 0.5F, 10}}; }, {0.5, 1, 70, falls, 70});
}

TEST_CASE("PerEpoch is within 2 ulp of its schedule's largest value", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t epochs = 1 + r.below(1'000), every = 1 + r.below(30), t = r.length();
    const double factor = std::exp(-static_cast<double>(r.below(8 * every)) * r.fraction() /
                                   static_cast<double>(epochs));
    const StepDecay<> decay{r.rate(), every, factor};
    return conformance::Draw<PerEpoch<StepDecay<>>>{{1 + t / epochs, decay}, t, decay.start};
  };
  CHECK(conformance::worst_error(draw, exact_per_epoch) <= 2);
}

TEST_CASE("PerEpoch changes at the first step of an epoch, and nowhere else", "[schedule]") {
  const auto epoch_of = [](step_t epoch) { return static_cast<double>(epoch); };
  for (const step_t steps : {step_t{1}, step_t{3}, step_t{390}, (step_t{1} << 53) + 1}) {
    CAPTURE(steps);
    const PerEpoch s{steps, epoch_of};
    CHECK(s(0) == 0);
    for (step_t epoch = 1; epoch < 100; ++epoch) {
      CHECK(s(epoch * steps - 1) == static_cast<double>(epoch - 1));
      CHECK(s(epoch * steps) == static_cast<double>(epoch));
    }
  }
}

TEST_CASE("PerEpoch: a tenth every 20 epochs", "[schedule]") {
  const PerEpoch s{390, StepDecay<>{.start = 0.1, .every = 20, .factor = 0.1}};
  const StepDecay<> in_steps{.start = 0.1, .every = 20 * 390, .factor = 0.1};
  for (const step_t t : {0U, 389U, 390U, 7'799U, 7'800U, 15'599U, 15'600U, 1'000'000U})
    CHECK(s(t) == in_steps(t));
  CHECK(s(20 * 390 - 1) == 0.1);
  CHECK(s(20 * 390) == Approx(0.01).epsilon(1e-15));
}

TEST_CASE("PerEpoch: the literature's gradient step, 0.01 times 1.5", "[schedule]") {
  std::vector<double> params{1}, grads{1.5};
  gradus::Optimizer opt{PerEpoch{2, StepDecay<>{.start = 0.01, .every = 1, .factor = 0.1}},
                        gradus::SGD{}, params};
  for (const double lost : {0.015, 0.030, 0.0315, 0.033, 0.03315}) {
    opt.step(params, grads);
    CHECK(params[0] == Approx(1 - lost).epsilon(1e-15));
  }
}

TEST_CASE("PerEpoch refuses its own field, and what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  const gradus::Constant<> one{1};
  CHECK(refusal(PerEpoch{0, one}) == "gradus::PerEpoch.steps must be > 0 (got 0)");
  CHECK(refusal(PerEpoch{-390, one}) == "gradus::PerEpoch.steps must be > 0 (got -390)");
  CHECK(refusal(PerEpoch{step_t{0} - 1, one}) == "gradus::PerEpoch.steps must be > 0 (got -1)");
  CHECK(refusal(PerEpoch{390, gradus::Warmup{5, StepDecay<>{1, 0}}}) ==
        "gradus::StepDecay.every must be > 0 (got 0)");
}
