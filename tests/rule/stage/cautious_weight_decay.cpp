#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/cautious_weight_decay.hpp>

#include "support/rule_conformance.hpp"

using gradus::CautiousWeightDecay;
using gradus::Chain;

TEMPLATE_TEST_CASE("CautiousWeightDecay conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{gradus::Momentum{}, CautiousWeightDecay{}}; },
                              {.decays = true});
}

TEMPLATE_TEST_CASE("CautiousWeightDecay names the field that is wrong", "[rule][stage]", float,
                   double) {
  support::checks_not_negative<TestType>("CautiousWeightDecay.weight_decay", [](double x) {
    return Chain{gradus::Momentum{}, CautiousWeightDecay{x}};
  });
}

TEST_CASE("CautiousWeightDecay leaves alone what the step makes larger", "[rule][stage]") {
  const Chain rule{gradus::SGD{}, CautiousWeightDecay{0.5}};
  support::Run<decltype(rule), double> run(rule, {8, 8, -8, -8, 8});
  run.step(rule, {0, 0.5}, std::vector<double>{1, -1, 1, -1, 0});
  CHECK(run.p == std::vector<double>{5.5, 8.5, -8.5, -5.5, 6});
}

TEST_CASE("CautiousWeightDecay: a product that underflows still has a sign", "[rule][stage]") {
  const Chain rule{gradus::SGD{}, CautiousWeightDecay{0.5}};
  support::Run<decltype(rule), double> run(rule, {0x1p-1000});
  run.step(rule, {0, 1}, std::vector<double>{-0x1p-1060});
  CHECK(run.p[0] > 0x1p-1001);
}
