#include <gradus/rule/nesterov.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Nesterov;

const support::Registered registered_nesterov{Nesterov{}};

TEMPLATE_TEST_CASE("Nesterov conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Nesterov{}; });
}

TEST_CASE("Nesterov is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("sgd_nesterov", Nesterov{.momentum = 0.9}, 0.01);
}

TEMPLATE_TEST_CASE("Nesterov names the field that is wrong", "[rule]", float, double) {
  support::checks_beta<TestType>("Nesterov.momentum", [](double x) { return Nesterov{x}; });
}
