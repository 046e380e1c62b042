#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/madgrad.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/composes.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::MADGRAD;

const support::Registered registered_madgrad{MADGRAD{}};

TEMPLATE_TEST_CASE("MADGRAD conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return MADGRAD{}; });
  support::conforms<TestType>([] { return MADGRAD{.momentum = 0}; });
}

TEST_CASE("MADGRAD follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "madgrad", MADGRAD{}, 1e-2, 1e-14);
}

TEMPLATE_TEST_CASE("MADGRAD names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("MADGRAD.momentum", [](double x) { return MADGRAD{.momentum = x}; });
  support::checks_positive<T>("MADGRAD.eps", [](double x) { return MADGRAD{.eps = x}; });
}

TEST_CASE("MADGRAD without momentum is where dual averaging says", "[rule]") {
  const MADGRAD rule{.momentum = 0, .eps = 1e-12};
  support::Run<MADGRAD, double> run(rule, {2});
  run.step(rule, {0, 0.125}, std::vector{8.0});
  CHECK(run.p[0] == Approx(2 - 0.5));  // s = 1, v = 8
  run.step(rule, {1, 0.125}, std::vector{0.0});
  CHECK(run.p[0] == Approx(2 - 0.5));
}

TEST_CASE("MADGRAD composes", "[rule]") {
  support::composes(MADGRAD{});
  support::is_stored(MADGRAD{});
  support::composes(gradus::Chain{gradus::L2{0.1}, MADGRAD{}});
  support::composes(gradus::vary<&MADGRAD::momentum>(MADGRAD{}, gradus::Constant<>{0.5}));
}
