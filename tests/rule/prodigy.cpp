#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/prodigy.hpp>
#include <gradus/rule/stage/clip_norm.hpp>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Prodigy;

namespace {
constexpr Prodigy all{.weight_decay = 0.01,
                      .d_coef = 2,
                      .growth_rate = 1.02,
                      .bias_correction = true,
                      .safeguard_warmup = true};
}

const support::Registered registered_prodigy{Prodigy{}};

TEMPLATE_TEST_CASE("Prodigy conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Prodigy{}; }, {.local = false});
  support::conforms<TestType>([] { return all; }, {.decays = true, .local = false});
}

TEST_CASE("Prodigy follows its formula", "[rule][reference]") {
  // Gradients that do not depend on the parameters let d grow without end, and roundings with it.
  support::close_to<double>(support::formulas, "prodigy", Prodigy{}, 1, 1e-10);
  support::close_to<double>(support::formulas, "prodigy_all", all, 0.5, 1e-14);
}

TEST_CASE("Prodigy finds its rate", "[rule]") { support::finds_its_rate(Prodigy{}, 500); }

TEMPLATE_TEST_CASE("Prodigy names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Prodigy.beta1", [](double x) { return Prodigy{.beta1 = x}; });
  support::checks_beta<T>("Prodigy.beta2", [](double x) { return Prodigy{.beta2 = x}; });
  support::checks_beta<T>("Prodigy.beta3", [](double x) { return Prodigy{.beta3 = x}; });
  support::checks_positive<double>("Prodigy.d_coef", [](double x) { return Prodigy{.d_coef = x}; });
  support::checks_not_negative<T>("Prodigy.weight_decay",
                                  [](double x) { return Prodigy{.weight_decay = x}; });
  for (const double& x : {0.99, -1.0, support::nan<double>()})
    support::refuses<T>(Prodigy{.growth_rate = x},
                        support::sentence("Prodigy.growth_rate", "must be >= 1", x));
  for (const double& x : {0.0, -1.0, support::nan<double>(), support::infinity<double>()}) {
    support::refuses<T>(Prodigy{.d0 = x},
                        support::sentence("Prodigy.d0", "must be finite and > 0", x));
    support::refuses<T>(Prodigy{.eps = x},
                        support::sentence("Prodigy.eps", "must be finite and > 0", x));
  }
  support::refuses<float>(
      Prodigy{.eps = 1e-42},
      support::sentence("Prodigy.eps",
                        "must be representable in the parameters' type, also times d0", 1e-42));
}

TEST_CASE("Prodigy's d stays where there is nothing to learn from", "[rule]") {
  const Prodigy rule{};
  support::Run<Prodigy, double> run(rule, {1, 2});
  run.step(rule, {0, 1}, std::vector<double>{0, 0});
  CHECK(run.scalars.whole[0] == rule.d0);
  for (gradus::step_t t = 1; t < 10; ++t) run.step(rule, {t, 1}, std::vector<double>{1, -1});
  const double d = run.scalars.whole[0];
  CHECK(d > rule.d0);
  run.step(rule, {10, 0}, std::vector<double>{1, -1});  // a rate of 0
  CHECK(run.scalars.whole[0] == d);
  run.step(rule, {11, 1}, std::vector<double>{support::nan<double>(), -1});
  CHECK(run.scalars.whole[0] == d);
  CHECK(gradus::math::is_finite(run.p[1]));
}

TEST_CASE("Prodigy's d grows no faster than it may, once it has left its first value", "[rule]") {
  const Prodigy rule{.growth_rate = 1.5};
  support::Run<Prodigy, double> run(rule, {1, 2});
  double before = rule.d0;
  for (gradus::step_t t = 0; t < 40; ++t) {
    run.step(rule, {t, 1}, std::vector<double>{1, -1});
    if (before > rule.d0) CHECK(run.scalars.whole[0] <= before * 1.5);
    before = run.scalars.whole[0];
  }
  CHECK(before > 10 * rule.d0);
}

TEST_CASE("Prodigy's sums are the same however they come about", "[rule]") {
  support::sums_alike(Prodigy{.weight_decay = 0.1});
}

TEST_CASE("Prodigy composes", "[rule]") {
  support::composes(Prodigy{.weight_decay = 0.1});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, Prodigy{}});
  support::composes(gradus::vary<&Prodigy::weight_decay>(Prodigy{}, gradus::Constant<>{0.01}));
}
