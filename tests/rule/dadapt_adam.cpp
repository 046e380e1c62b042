#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/dadapt_adam.hpp>
#include <gradus/rule/stage/clip_norm.hpp>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::DAdaptAdam;

const support::Registered registered_dadapt_adam{DAdaptAdam{}};

TEMPLATE_TEST_CASE("DAdaptAdam conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return DAdaptAdam{}; }, {.local = false});
  support::conforms<TestType>(
      [] { return DAdaptAdam{.weight_decay = 0.1, .bias_correction = true}; },
      {.decays = true, .local = false});
}

TEST_CASE("DAdaptAdam follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "dadapt_adam", DAdaptAdam{}, 1, 1e-13);
}

TEST_CASE("DAdaptAdam finds its rate", "[rule]") { support::finds_its_rate(DAdaptAdam{}, 500); }

TEMPLATE_TEST_CASE("DAdaptAdam names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  using R = DAdaptAdam;
  support::checks_beta<T>("DAdaptAdam.beta1", [](double x) { return R{.beta1 = x}; });
  support::checks_beta<T>("DAdaptAdam.beta2", [](double x) { return R{.beta2 = x}; });
  support::checks_positive<T>("DAdaptAdam.eps", [](double x) { return R{.eps = x}; });
  support::checks_positive<T>("DAdaptAdam.d0", [](double x) { return R{.d0 = x}; });
  support::checks_not_negative<T>("DAdaptAdam.weight_decay",
                                  [](double x) { return R{.weight_decay = x}; });
  for (const double& x : {0.99, -1.0, support::nan<double>()})
    support::refuses<T>(R{.growth_rate = x},
                        support::sentence("DAdaptAdam.growth_rate", "must be >= 1", x));
}

TEST_CASE("DAdaptAdam's d stays where there is nothing to learn from, and never falls", "[rule]") {
  const DAdaptAdam rule{.growth_rate = 2};
  support::Run<DAdaptAdam, double> run(rule, {1, 2});
  run.step(rule, {0, 1}, std::vector<double>{0, 0});
  CHECK(run.scalars.whole[0] == rule.d0);
  double d = rule.d0;
  for (gradus::step_t t = 1; t < 20; ++t) {
    run.step(rule, {t, 1}, std::vector<double>{1, -1});
    CHECK((run.scalars.whole[0] >= d && run.scalars.whole[0] <= 2 * d));
    d = run.scalars.whole[0];
  }
  CHECK(d > rule.d0);
  run.step(rule, {20, 1}, std::vector<double>{support::nan<double>(), -1});
  CHECK(run.scalars.whole[0] == d);
}

TEST_CASE("DAdaptAdam's sums are the same however they come about", "[rule]") {
  support::sums_alike(DAdaptAdam{.weight_decay = 0.1});
}

TEST_CASE("DAdaptAdam composes", "[rule]") {
  support::composes(DAdaptAdam{.weight_decay = 0.1});
  support::is_stored(DAdaptAdam{.weight_decay = 0.1});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, DAdaptAdam{}});
  support::composes(
      gradus::vary<&DAdaptAdam::weight_decay>(DAdaptAdam{}, gradus::Constant<>{0.01}));
}
