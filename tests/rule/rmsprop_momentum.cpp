#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/rmsprop_momentum.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Eps;
using gradus::RMSpropMomentum;

const support::Registered registered_rmsprop_momentum{RMSpropMomentum{}};

TEMPLATE_TEST_CASE("RMSpropMomentum conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return RMSpropMomentum{}; });
  support::conforms<TestType>([] {
    return RMSpropMomentum{.eps = 1e-4, .initial_accumulator_value = 1, .eps_place = Eps::inside};
  });
}

TEST_CASE("RMSpropMomentum is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("rmsprop_momentum", RMSpropMomentum{}, 1e-2);
  const RMSpropMomentum rule{.alpha = 0.9, .momentum = 0.5, .eps = 1e-5};
  support::same_as_pytorch("rmsprop_momentum_l2", gradus::Chain{gradus::L2{1e-2}, rule}, 1e-2);
}

TEMPLATE_TEST_CASE("RMSpropMomentum names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("RMSpropMomentum.alpha",
                          [](double x) { return RMSpropMomentum{.alpha = x}; });
  support::checks_beta<T>("RMSpropMomentum.momentum",
                          [](double x) { return RMSpropMomentum{.momentum = x}; });
  support::checks_positive<T>("RMSpropMomentum.eps",
                              [](double x) { return RMSpropMomentum{.eps = x}; });
  support::checks_not_negative<T>("RMSpropMomentum.initial_accumulator_value", [](double x) {
    return RMSpropMomentum{.initial_accumulator_value = x};
  });
}
