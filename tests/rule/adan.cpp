#include <gradus/rule/adan.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/stage/proximal_weight_decay.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Adan;

const support::Registered registered_adan{Adan{}};

TEMPLATE_TEST_CASE("Adan conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Adan{}; });
}

TEST_CASE("Adan follows its formula", "[rule][reference]") {
  const gradus::Chain decayed{Adan{}, gradus::ProximalWeightDecay{0.02}};
  // What is rounded off 1 / (1 + rate * decay) comes back at every one of 200 steps.
  support::close_to<double>(support::formulas, "adan", decayed, 1e-3, 200 * 0x1p-52);
  support::float_like_double(Adan{}, 1e-3, 1e-5);
}

TEST_CASE("Adan: the first gradient is not a change", "[rule]") {
  support::Run<Adan, double> run({}, {1.0});
  run.step({}, {0, 0.125}, std::vector{3.0});
  CHECK(run.slots[1][0] == 0);
  CHECK(run.slots[3][0] == 3);
  CHECK(run.p[0] == Approx(0.875).epsilon(1e-8));
  run.step({}, {1, 0.125}, std::vector{5.0});
  CHECK(run.slots[1][0] == Approx((1 - 0.92) * 2).epsilon(1e-15));
}

TEST_CASE("Adan at the edges of its fields", "[rule]") {
  for (const Adan& rule : {Adan{.beta1 = 0}, Adan{.beta2 = 0}, Adan{.beta3 = 0},
                           Adan{.beta1 = 0, .beta2 = 0, .beta3 = 0}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("Adan names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Adan.beta1", [](double x) { return Adan{.beta1 = x}; });
  support::checks_beta<T>("Adan.beta2", [](double x) { return Adan{.beta2 = x}; });
  support::checks_beta<T>("Adan.beta3", [](double x) { return Adan{.beta3 = x}; });
  support::checks_positive<T>("Adan.eps", [](double x) { return Adan{.eps = x}; });
}
