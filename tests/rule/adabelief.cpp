#include <gradus/rule/adabelief.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::AdaBelief;

const support::Registered registered_adabelief{AdaBelief{}};

TEMPLATE_TEST_CASE("AdaBelief conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return AdaBelief{}; });
}

TEST_CASE("AdaBelief follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "adabelief", AdaBelief{}, 1e-3, 1e-14);
  const AdaBelief before{.eps = 1e-8, .eps_root = 1e-8, .updated = false};
  support::close_to<double>(support::formulas, "adabelief_before", before, 1e-3, 1e-14);
  support::float_like_double(AdaBelief{}, 1e-3, 1e-5);
}

TEST_CASE("AdaBelief: eps_root accumulates", "[rule]") {
  const AdaBelief rule{.beta2 = 0.5, .eps_root = 1};
  support::Run<AdaBelief, double> run(rule, {1.0});
  for (const double s : {1.0, 1.5, 1.75}) {
    run.step(rule, {0, 0.1}, std::vector{0.0});
    CHECK(run.slots[1][0] == s);
    CHECK(run.p[0] == 1);
  }
}

TEST_CASE("AdaBelief at the edges of its fields", "[rule]") {
  for (const AdaBelief& rule :
       {AdaBelief{.beta1 = 0}, AdaBelief{.beta2 = 0},
        AdaBelief{.beta1 = 0, .beta2 = 0, .updated = false}, AdaBelief{.eps_root = 0}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("AdaBelief names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("AdaBelief.beta1", [](double x) { return AdaBelief{.beta1 = x}; });
  support::checks_beta<T>("AdaBelief.beta2", [](double x) { return AdaBelief{.beta2 = x}; });
  support::checks_positive<T>("AdaBelief.eps", [](double x) { return AdaBelief{.eps = x}; });
  support::checks_not_negative<T>("AdaBelief.eps_root",
                                  [](double x) { return AdaBelief{.eps_root = x}; });
}
