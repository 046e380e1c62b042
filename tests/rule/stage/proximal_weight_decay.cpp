#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/proximal_weight_decay.hpp>

#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::ProximalWeightDecay;

TEMPLATE_TEST_CASE("ProximalWeightDecay conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{gradus::Momentum{}, ProximalWeightDecay{}}; },
                              {.decays = true});
}

TEMPLATE_TEST_CASE("ProximalWeightDecay names the field that is wrong", "[rule][stage]", float,
                   double) {
  support::checks_not_negative<TestType>("ProximalWeightDecay.weight_decay", [](double x) {
    return Chain{gradus::Momentum{}, ProximalWeightDecay{x}};
  });
}

TEST_CASE("ProximalWeightDecay shrinks the new parameter", "[rule][stage]") {
  const Chain rule{gradus::SGD{}, ProximalWeightDecay{2}};
  support::Run<decltype(rule), double> run(rule, {8});
  run.step(rule, {0, 0.5}, std::vector{1.0});
  CHECK(run.p[0] == (8 - 0.5) / 2);
  run.step(rule, {1, 1e300}, std::vector{0.0});  // no rate is too large
  CHECK(run.p[0] >= 0);
}
