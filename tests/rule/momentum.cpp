#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Momentum;

const support::Registered registered_momentum{Momentum{}};

TEMPLATE_TEST_CASE("Momentum conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Momentum{}; });
}

TEST_CASE("Momentum is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("sgd_momentum", Momentum{.momentum = 0.9}, 0.01);
  support::same_as_pytorch("sgd_momentum_l2", gradus::Chain{gradus::L2{1e-2}, Momentum{}}, 0.01);
}

TEMPLATE_TEST_CASE("Momentum names the field that is wrong", "[rule]", float, double) {
  support::checks_beta<TestType>("Momentum.momentum", [](double x) { return Momentum{x}; });
}
