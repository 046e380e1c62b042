#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::L2;
using gradus::SGD;

TEMPLATE_TEST_CASE("L2 conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{L2{1e-2}, SGD{}}; }, {.decays = true});
}

TEST_CASE("L2 is PyTorch's, bit for bit", "[rule][stage][reference]") {
  support::same_as_pytorch("sgd_l2", Chain{L2{1e-2}, SGD{}}, 0.01);
}

TEMPLATE_TEST_CASE("L2 names the field that is wrong", "[rule][stage]", float, double) {
  support::checks_not_negative<TestType>("L2.weight_decay",
                                         [](double x) { return Chain{L2{x}, SGD{}}; });
}

TEST_CASE("L2 of nothing changes nothing", "[rule][stage]") {
  support::keeps_still<float>(Chain{L2{}, SGD{}});
  support::keeps_still<double>(Chain{L2{}, SGD{}});
}
