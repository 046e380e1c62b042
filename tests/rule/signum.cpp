#include <gradus/rule/sign_sgd.hpp>
#include <gradus/rule/signum.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Signum;

const support::Registered registered_signum{Signum{}};

TEMPLATE_TEST_CASE("Signum conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Signum{}; });
}

TEST_CASE("Signum follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "signum", Signum{}, 1e-3, 1e-14);
  support::float_like_double(Signum{}, 1e-3, 1e-5);
}

TEST_CASE("Signum without momentum is signSGD", "[rule]") {
  const Signum rule{.momentum = 0};
  support::Run<Signum, float> a(rule, support::numbers<float>(100, 1));
  support::Run<gradus::SignSGD, float> b({}, a.p);
  for (gradus::step_t t = 0; t < 20; ++t) {
    a.step(rule, {t, 1e-2}, support::numbers<float>(100, 10 + t));
    b.step({}, {t, 1e-2}, support::numbers<float>(100, 10 + t));
  }
  CHECK(support::same_bits(a.p, b.p));
}

TEST_CASE("Signum at the edges of its fields", "[rule]") {
  for (const Signum& rule : {Signum{.momentum = 0}}) support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("Signum names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Signum.momentum", [](double x) { return Signum{.momentum = x}; });
}
