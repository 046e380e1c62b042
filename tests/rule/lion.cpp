#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/lion.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Lion;

const support::Registered registered_lion{Lion{}};

TEMPLATE_TEST_CASE("Lion conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Lion{}; });
}

TEST_CASE("Lion follows its formula", "[rule][reference]") {
  const gradus::Chain decayed{Lion{}, gradus::WeightDecay{0.1}};
  support::close_to<double>(support::formulas, "lion", decayed, 1e-3, 1e-14);
  support::float_like_double(Lion{}, 1e-3, 1e-5);
}

TEST_CASE("Lion: a parameter without gradient stays where it is", "[rule]") {
  support::Run<Lion, float> run({}, {1.0F, 1.0F, 1.0F});
  run.step({}, {0, 0.25}, std::vector<float>{0.0F, -0.0F, 1e-30F});
  CHECK(run.p == std::vector<float>{1.0F, 1.0F, 0.75F});
}

TEST_CASE("Lion at the edges of its fields", "[rule]") {
  for (const Lion& rule : {Lion{.beta1 = 0}, Lion{.beta2 = 0}, Lion{.beta1 = 0, .beta2 = 0}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("Lion names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Lion.beta1", [](double x) { return Lion{.beta1 = x}; });
  support::checks_beta<T>("Lion.beta2", [](double x) { return Lion{.beta2 = x}; });
}
