#include <gradus/rule/adam.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/weight_decay.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/linear.hpp>

#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::WeightDecay;

TEMPLATE_TEST_CASE("WeightDecay conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{gradus::Momentum{}, WeightDecay{}}; },
                              {.decays = true});
}

TEMPLATE_TEST_CASE("WeightDecay names the field that is wrong", "[rule][stage]", float, double) {
  support::checks_not_negative<TestType>("WeightDecay.weight_decay", [](double x) {
    return Chain{gradus::Momentum{}, WeightDecay{x}};
  });
}

TEMPLATE_TEST_CASE("WeightDecay behind Adam is AdamW, bit for bit", "[rule][stage]", float,
                   double) {
  using T = TestType;
  const gradus::AdamW one{.weight_decay = 0.1};
  const Chain two{gradus::Adam{}, WeightDecay{0.1}};
  support::Run<gradus::AdamW, T> a(one, support::numbers<T>(100, 1));
  support::Run<decltype(two), T> b(two, a.p);
  for (gradus::step_t t = 0; t < 50; ++t) {
    const std::vector<T> g = support::numbers<T>(100, 10 + t);
    a.step(one, {t, 1e-2}, g);
    b.step(two, {t, 1e-2}, g);
    CHECK(support::same_bits(a.p, b.p));
  }
}

TEST_CASE("WeightDecay shrinks the old parameter, then the step is taken", "[rule][stage]") {
  const Chain rule{gradus::Momentum{0}, WeightDecay{0.5}};
  support::Run<decltype(rule), double> run(rule, {8});
  run.step(rule, {0, 0.5}, std::vector{1.0});
  CHECK(run.p[0] == 8 * 0.75 - 0.5);
}

TEST_CASE("WeightDecay without the rate keeps its part, whatever the rate", "[rule][stage]") {
  const Chain rule{gradus::Momentum{0}, WeightDecay{.weight_decay = 0.25, .by_rate = false}};
  for (const double& rate : {0.0, 0.5, 2.0}) {
    support::Run<decltype(rule), double> run(rule, {8});
    run.step(rule, {0, rate}, std::vector{1.0});
    CHECK(run.p[0] == 8 * 0.75 - rate);
  }
  CHECK(support::words_of([] {
          gradus::refuse_if(
              gradus::fault_of<double>(WeightDecay{.weight_decay = 1.5, .by_rate = false}));
        }) == "gradus::WeightDecay.weight_decay must be in [0, 1] (got 1.5)");
  // By a multiplier, as in the paper: that of the schedule without its peak.
  const gradus::Linear<> multiplier{.start = 0.25, .end = 0, .steps = 2};
  const auto varied =
      gradus::vary<&WeightDecay::weight_decay>(WeightDecay{.by_rate = false}, multiplier);
  std::vector<double> p{8}, g{0};
  gradus::Optimizer opt{gradus::Constant<>{0.5}, Chain{gradus::SGD{}, varied}, p};
  opt.step(p, g);
  CHECK(p[0] == 6);
  opt.step(p, g);
  CHECK(p[0] == 5.25);
}
