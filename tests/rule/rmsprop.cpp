#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/rmsprop.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::RMSprop;

const support::Registered registered_rmsprop{RMSprop{}};

TEMPLATE_TEST_CASE("RMSprop conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return RMSprop{}; });
  support::conforms<TestType>([] {
    return RMSprop{.eps = 1e-4, .initial_accumulator_value = 1, .eps_place = gradus::Eps::inside};
  });
}

TEST_CASE("RMSprop is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("rmsprop", RMSprop{}, 1e-2);
  support::same_as_pytorch("rmsprop_alpha", RMSprop{.alpha = 0.9, .eps = 1e-5}, 1e-2);
  support::same_as_pytorch("rmsprop_l2", gradus::Chain{gradus::L2{1e-2}, RMSprop{}}, 1e-2);
}

TEMPLATE_TEST_CASE("RMSprop names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("RMSprop.alpha", [](double x) { return RMSprop{.alpha = x}; });
  support::checks_positive<T>("RMSprop.eps", [](double x) { return RMSprop{.eps = x}; });
  support::checks_not_negative<T>("RMSprop.initial_accumulator_value",
                                  [](double x) { return RMSprop{.initial_accumulator_value = x}; });
}
