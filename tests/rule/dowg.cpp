#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/dowg.hpp>
#include <gradus/rule/stage/clip_norm.hpp>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::DoWG;

const support::Registered registered_dowg{DoWG{}};

TEMPLATE_TEST_CASE("DoWG conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return DoWG{}; }, {.local = false});
}

TEST_CASE("DoWG follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "dowg", DoWG{}, 1, 1e-13);
}

TEST_CASE("DoWG finds its rate", "[rule]") { support::finds_its_rate(DoWG{}, 500); }

TEST_CASE("DoWG names the field that is wrong", "[rule]") {
  support::checks_positive<double>("DoWG.initial_distance",
                                   [](double x) { return DoWG{.initial_distance = x}; });
  support::checks_positive<double>("DoWG.eps", [](double x) { return DoWG{.eps = x}; });
}

TEST_CASE("DoWG moves first by its first distance", "[rule]") {
  const DoWG rule{.initial_distance = 0.25, .eps = 1e-30};
  support::Run<DoWG, double> run(rule, {3, -4});
  run.step(rule, {0, 1}, std::vector<double>{0, 2});
  CHECK(run.p[1] == Approx(-4.25));
  run.step(rule, {1, 1}, std::vector<double>{0, -2});
  CHECK(run.p[1] == Approx(-4.25 + 0.25 / std::sqrt(2.0)));
  CHECK(run.p[0] == 3);
}

TEST_CASE("DoWG's sums are the same however they come about", "[rule]") {
  support::sums_alike(DoWG{});
}

TEST_CASE("DoWG composes", "[rule]") {
  support::composes(DoWG{});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, DoWG{}});
  support::composes(gradus::vary<&DoWG::eps>(DoWG{}, gradus::Constant<>{1e-6}));
}
