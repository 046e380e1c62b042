#include <gradus/rule/qhadam.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::QHAdam;

const support::Registered registered_qhadam{QHAdam{}};

TEMPLATE_TEST_CASE("QHAdam conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return QHAdam{}; });
}

TEST_CASE("QHAdam follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "qhadam", QHAdam{.nu2 = 0.9}, 1e-3, 1e-14);
  support::float_like_double(QHAdam{}, 1e-3, 1e-5);
}

TEST_CASE("QHAdam with nu1 = nu2 = 0 is the sign of the gradient", "[rule]") {
  const QHAdam rule{.nu1 = 0, .nu2 = 0};
  support::Run<QHAdam, double> run(rule, {1.0, 1.0, 1.0});
  run.step(rule, {0, 0.25}, std::vector{2.0, -3.0, 0.0});
  CHECK(run.p[0] == Approx(0.75).epsilon(1e-8));
  CHECK(run.p[1] == Approx(1.25).epsilon(1e-8));
  CHECK(run.p[2] == 1);
}

TEST_CASE("QHAdam at the edges of its fields", "[rule]") {
  for (const QHAdam& rule : {QHAdam{.beta1 = 0}, QHAdam{.beta2 = 0}, QHAdam{.nu1 = 1, .nu2 = 0},
                             QHAdam{.nu1 = 0, .nu2 = 1}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("QHAdam names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("QHAdam.beta1", [](double x) { return QHAdam{.beta1 = x}; });
  support::checks_beta<T>("QHAdam.beta2", [](double x) { return QHAdam{.beta2 = x}; });
  support::checks_positive<T>("QHAdam.eps", [](double x) { return QHAdam{.eps = x}; });
  support::checks_fraction<T>("QHAdam.nu1", [](double x) { return QHAdam{.nu1 = x}; });
  support::checks_fraction<T>("QHAdam.nu2", [](double x) { return QHAdam{.nu2 = x}; });
}
