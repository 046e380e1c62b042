#include <gradus/rule/cocob.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/stage/clip_norm.hpp>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::COCOB;

const support::Registered registered_cocob{COCOB{}};

TEMPLATE_TEST_CASE("COCOB conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return COCOB{}; });
}

TEST_CASE("COCOB follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "cocob", COCOB{}, 1, 1e-14);
}

TEST_CASE("COCOB finds its rate", "[rule]") { support::finds_its_rate(COCOB{}, 4000); }

TEMPLATE_TEST_CASE("COCOB names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_positive<T>("COCOB.alpha", [](double x) { return COCOB{.alpha = x}; });
  support::checks_positive<T>("COCOB.eps", [](double x) { return COCOB{.eps = x}; });
}

TEST_CASE("COCOB's first bet is 1 / alpha, whatever the gradient", "[rule]") {
  for (const double g : {1e-5, 1.0, 1e5}) {
    support::Run<COCOB, double> run(COCOB{.alpha = 50}, {3});
    run.step(COCOB{.alpha = 50}, {0, 1}, std::vector<double>{g});
    CHECK(run.p[0] == Approx(3 - 0.02));
  }
}

TEST_CASE("COCOB composes", "[rule]") {
  support::composes(COCOB{});
  support::is_stored(COCOB{});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, COCOB{}});
  support::composes(gradus::vary<&COCOB::alpha>(COCOB{}, gradus::Constant<>{10}));
}
