#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/dog.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/ema.hpp>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::DoG;

const support::Registered registered_dog{DoG{}};

TEMPLATE_TEST_CASE("DoG conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return DoG{}; }, {.local = false});
}

TEST_CASE("DoG follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "dog", DoG{}, 1, 1e-14);
}

TEST_CASE("DoG finds its rate", "[rule]") { support::finds_its_rate(DoG{}, 1000); }

TEMPLATE_TEST_CASE("DoG names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_positive<double>("DoG.reps_rel", [](double x) { return DoG{.reps_rel = x}; });
  support::checks_positive<double>("DoG.eps", [](double x) { return DoG{.eps = x}; });
  support::accepts<T>(DoG{.reps_rel = 1e-60, .eps = 1e-300});
}

TEST_CASE("DoG moves first by a part of the parameters' norm, then as far as it has come",
          "[rule]") {
  const DoG rule{.reps_rel = 0.01, .eps = 1e-30};
  support::Run<DoG, double> run(rule, {3, -4});
  run.step(rule, {0, 1}, std::vector<double>{0, 2});
  CHECK(run.scalars.whole[0] == Approx(0.01 * 6));
  CHECK(run.p[1] == Approx(-4 - 0.06));
  run.step(rule, {1, 1}, std::vector<double>{0, -1});
  CHECK(run.scalars.whole[1] == Approx(5));
  CHECK(run.p[1] == Approx(-4.06 + 0.06 / std::sqrt(5.0)));
  CHECK(run.p[0] == 3);
}

TEST_CASE("DoG counts norms that are not finite as 0", "[rule]") {
  const DoG rule{};
  support::Run<DoG, double> run(rule, {3, -4});
  run.step(rule, {0, 1}, std::vector<double>{0, 1});
  const auto before = run.scalars;
  run.step(rule, {1, 1}, std::vector<double>{support::nan<double>(), 1});
  CHECK(run.scalars == before);
  CHECK(run.p[1] < -4);
}

TEST_CASE("DoG's sums are the same however they come about", "[rule]") {
  support::sums_alike(DoG{});
}

TEST_CASE("DoG composes", "[rule]") {
  support::composes(DoG{});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, DoG{}, gradus::Ema{0.9}});
  support::composes(gradus::vary<&DoG::eps>(DoG{}, gradus::Constant<>{1e-6}));
}
