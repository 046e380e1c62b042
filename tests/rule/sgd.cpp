#include <gradus/rule/sgd.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::SGD;

const support::Registered registered_sgd{SGD{}};

TEMPLATE_TEST_CASE("SGD conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return SGD{}; });
}

TEST_CASE("SGD is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("sgd", SGD{}, 0.01);
}
