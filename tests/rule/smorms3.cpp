#include <gradus/rule/smorms3.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::SMORMS3;

const support::Registered registered_smorms3{SMORMS3{}};

TEMPLATE_TEST_CASE("SMORMS3 conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return SMORMS3{}; });
}

TEST_CASE("SMORMS3 follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "smorms3", SMORMS3{}, 1e-2, 1e-14);
  const SMORMS3 capped{.capped = true};
  support::close_to<double>(support::formulas, "smorms3_capped", capped, 1e-2, 1e-14);
  support::float_like_double(SMORMS3{}, 1e-2, 1e-5);
}

TEMPLATE_TEST_CASE("SMORMS3: the memory never falls below 1", "[rule]", float, double) {
  using T = TestType;
  support::Run<SMORMS3, T> run({}, std::vector<T>(4, T{1}));
  for (gradus::step_t t = 0; t < 100; ++t) {
    run.step({}, {t, 1e-3}, std::vector<T>{T{0}, T(0.1), T(1.0 / 3), T(1e-3)});
    for (const T memory : run.slots[0]) CHECK(memory >= 1);
  }
  CHECK(run.slots[0][0] == 101);  // nothing but zeros: it remembers all of them
}

TEST_CASE("SMORMS3 at the edges of its fields", "[rule]") {
  for (const SMORMS3& rule : {SMORMS3{}, SMORMS3{.eps = 1}, SMORMS3{.capped = true}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("SMORMS3 names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_positive<T>("SMORMS3.eps", [](double x) { return SMORMS3{.eps = x}; });
}
