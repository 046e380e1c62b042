#include <gradus/rule/adabound.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::AdaBound;

const support::Registered registered_adabound{AdaBound{}};

TEMPLATE_TEST_CASE("AdaBound conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return AdaBound{}; });
}

TEST_CASE("AdaBound follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "adabound", AdaBound{}, 1e-3, 1e-14);
  support::float_like_double(AdaBound{}, 1e-3, 1e-5);
}

TEST_CASE("AdaBound ends as momentum at end times the rate", "[rule]") {
  const AdaBound rule{.beta1 = 0};
  support::Run<AdaBound, double> run(rule, {0.0, 0.0});
  run.step(rule, {gradus::last_step - 1, 1e-3}, std::vector{1.0, 1e-9});
  CHECK(run.p[0] == Approx(-0.1).epsilon(1e-12));
  CHECK(run.p[1] == Approx(-0.1e-9).epsilon(1e-12));
}

TEST_CASE("AdaBound at the edges of its fields", "[rule]") {
  for (const AdaBound& rule : {AdaBound{.beta1 = 0}, AdaBound{.beta2 = 0},
                               AdaBound{.final_ratio = 0}, AdaBound{.gamma = 1e-300}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("AdaBound names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("AdaBound.beta1", [](double x) { return AdaBound{.beta1 = x}; });
  support::checks_beta<T>("AdaBound.beta2", [](double x) { return AdaBound{.beta2 = x}; });
  support::checks_positive<T>("AdaBound.eps", [](double x) { return AdaBound{.eps = x}; });
  support::checks_not_negative<T>("AdaBound.final_ratio",
                                  [](double x) { return AdaBound{.final_ratio = x}; });
  for (const double& x : {-0.1, 0.0, support::nan<double>(), support::infinity<double>()})
    support::refuses<T>(AdaBound{.gamma = x},
                        support::sentence("AdaBound.gamma", "must be finite and > 0", x));
  support::accepts<T>(AdaBound{.gamma = 1e-300});
}
