#include <gradus/rule/nadam.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::NAdam;

const support::Registered registered_nadam{NAdam{}};

TEMPLATE_TEST_CASE("NAdam conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return NAdam{}; });
}

TEST_CASE("NAdam follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "nadam", NAdam{}, 2e-3, 1e-14);
}

TEMPLATE_TEST_CASE("NAdam names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("NAdam.beta1", [](double x) { return NAdam{.beta1 = x}; });
  support::checks_beta<T>("NAdam.beta2", [](double x) { return NAdam{.beta2 = x}; });
  support::checks_positive<T>("NAdam.eps", [](double x) { return NAdam{.eps = x}; });
  support::checks_not_negative<T>("NAdam.momentum_decay",
                                  [](double x) { return NAdam{.momentum_decay = x}; });
}

TEST_CASE("NAdam keeps the product of its momenta in double, also for float", "[rule]") {
  const NAdam rule;
  support::Run<NAdam, float> run(rule, {1.0F});
  double product = 1;
  for (gradus::step_t t = 0; t < 10; ++t) {
    CHECK(run.scalars.whole[0] == Approx(product).epsilon(1e-15));
    run.step(rule, {t, 1e-3}, std::vector<float>{0.5F});
    product *= 0.9 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t + 1) * 4e-3));
  }
}
