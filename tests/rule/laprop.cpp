#include <gradus/rule/laprop.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::LaProp;

const support::Registered registered_laprop{LaProp{}};

TEMPLATE_TEST_CASE("LaProp conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return LaProp{}; });
}

TEST_CASE("LaProp follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "laprop", LaProp{}, 4e-4, 1e-14);
  support::float_like_double(LaProp{}, 4e-4, 1e-5);
}

TEST_CASE("LaProp's first step is the rate", "[rule]") {
  for (const double g : {1e-6, 1.0, -1e6}) {
    support::Run<LaProp, double> run({}, {0.0});
    run.step({}, {0, 0.125}, std::vector{g});
    CHECK(std::fabs(run.p[0]) == Approx(0.125).epsilon(1e-8));
  }
}

TEST_CASE("LaProp at the edges of its fields", "[rule]") {
  for (const LaProp& rule :
       {LaProp{.beta1 = 0}, LaProp{.beta2 = 0}, LaProp{.beta1 = 0, .beta2 = 0}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("LaProp names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("LaProp.beta1", [](double x) { return LaProp{.beta1 = x}; });
  support::checks_beta<T>("LaProp.beta2", [](double x) { return LaProp{.beta2 = x}; });
  support::checks_positive<T>("LaProp.eps", [](double x) { return LaProp{.eps = x}; });
}
