#include <gradus/rule/adabound.hpp>
#include <gradus/rule/amsbound.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::AMSBound;

const support::Registered registered_amsbound{AMSBound{}};

TEMPLATE_TEST_CASE("AMSBound conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return AMSBound{}; });
}

TEST_CASE("AMSBound follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "amsbound", AMSBound{}, 1e-3, 1e-14);
  support::float_like_double(AMSBound{}, 1e-3, 1e-5);
}

TEST_CASE("AMSBound is AdaBound until v falls", "[rule]") {
  const AMSBound rule{.gamma = 1e-6};  // bounds that are far away
  const gradus::AdaBound plain{.gamma = 1e-6};
  support::Run<AMSBound, double> a(rule, {1.0});
  support::Run<gradus::AdaBound, double> b(plain, {1.0});
  for (gradus::step_t t = 0; t < 10; ++t) {
    const std::vector<double> g{t < 5 ? 10.0 : 0.001};
    a.step(rule, {t, 1e-3}, g);
    b.step(plain, {t, 1e-3}, g);
    CHECK((a.p == b.p) == (t < 5));
    CHECK(a.slots[2][0] >= a.slots[1][0]);
  }
}

TEST_CASE("AMSBound at the edges of its fields", "[rule]") {
  for (const AMSBound& rule : {AMSBound{.beta1 = 0}, AMSBound{.beta2 = 0},
                               AMSBound{.final_ratio = 0}, AMSBound{.gamma = 1e-300}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("AMSBound names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("AMSBound.beta1", [](double x) { return AMSBound{.beta1 = x}; });
  support::checks_beta<T>("AMSBound.beta2", [](double x) { return AMSBound{.beta2 = x}; });
  support::checks_positive<T>("AMSBound.eps", [](double x) { return AMSBound{.eps = x}; });
  support::checks_not_negative<T>("AMSBound.final_ratio",
                                  [](double x) { return AMSBound{.final_ratio = x}; });
  for (const double& x : {-0.1, 0.0, support::nan<double>(), support::infinity<double>()})
    support::refuses<T>(AMSBound{.gamma = x},
                        support::sentence("AMSBound.gamma", "must be finite and > 0", x));
  support::accepts<T>(AMSBound{.gamma = 1e-300});
}
