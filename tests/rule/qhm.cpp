#include <gradus/rule/momentum.hpp>
#include <gradus/rule/qhm.hpp>
#include <gradus/rule/sgd.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::QHM;

const support::Registered registered_qhm{QHM{}};

TEMPLATE_TEST_CASE("QHM conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return QHM{}; });
}

TEST_CASE("QHM follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "qhm", QHM{}, 0.1, 1e-14);
  support::float_like_double(QHM{}, 0.1, 1e-5);
}

TEST_CASE("QHM with nu = 0 is SGD", "[rule]") {
  const QHM rule{.nu = 0};
  support::Run<QHM, float> a(rule, support::numbers<float>(100, 1));
  support::Run<gradus::SGD, float> b({}, a.p);
  for (gradus::step_t t = 0; t < 20; ++t) {
    a.step(rule, {t, 1e-2}, support::numbers<float>(100, 10 + t));
    b.step({}, {t, 1e-2}, support::numbers<float>(100, 10 + t));
  }
  CHECK(support::same_bits(a.p, b.p));
}

TEST_CASE("QHM at the edges of its fields", "[rule]") {
  for (const QHM& rule : {QHM{.momentum = 0}, QHM{.nu = 0}, QHM{.nu = 1}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("QHM names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("QHM.momentum", [](double x) { return QHM{.momentum = x}; });
  support::checks_fraction<T>("QHM.nu", [](double x) { return QHM{.nu = x}; });
}
