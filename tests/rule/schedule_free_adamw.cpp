#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/schedule_free_adamw.hpp>
#include <gradus/rule/stage/clip_norm.hpp>

#include "support/composes.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::ScheduleFreeAdamW;

const support::Registered registered_schedule_free_adamw{ScheduleFreeAdamW{}};

TEMPLATE_TEST_CASE("ScheduleFreeAdamW conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return ScheduleFreeAdamW{}; });
  support::conforms<TestType>(
      [] { return ScheduleFreeAdamW{.weight_decay = 0.1, .step_power = 1}; }, {.decays = true});
}

TEST_CASE("ScheduleFreeAdamW follows its formula", "[rule][reference]") {
  const ScheduleFreeAdamW rule{.weight_decay = 0.1, .step_power = 1};
  support::close_to<double>(support::formulas, "schedule_free_adamw", rule, 1e-2, 1e-14);
}

TEMPLATE_TEST_CASE("ScheduleFreeAdamW names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  using R = ScheduleFreeAdamW;
  support::checks_beta<T>("ScheduleFreeAdamW.beta1", [](double x) { return R{.beta1 = x}; });
  support::checks_beta<T>("ScheduleFreeAdamW.beta2", [](double x) { return R{.beta2 = x}; });
  support::checks_positive<T>("ScheduleFreeAdamW.eps", [](double x) { return R{.eps = x}; });
  support::checks_not_negative<T>("ScheduleFreeAdamW.weight_decay",
                                  [](double x) { return R{.weight_decay = x}; });
  support::checks_not_negative<double>("ScheduleFreeAdamW.rate_power",
                                       [](double x) { return R{.rate_power = x}; });
  support::checks_not_negative<double>("ScheduleFreeAdamW.step_power",
                                       [](double x) { return R{.step_power = x}; });
}

TEST_CASE("ScheduleFreeAdamW averages with weights of the largest rate so far", "[rule]") {
  const ScheduleFreeAdamW rule{};
  support::Run<ScheduleFreeAdamW, double> run(rule, {0});
  run.step(rule, {0, 1}, std::vector<double>{1});
  run.step(rule, {1, 2}, std::vector<double>{1});
  run.step(rule, {2, 0.5}, std::vector<double>{1});
  CHECK(run.slots[1][0] == Approx(-3.5));                                    // z: -1, -3, -3.5
  CHECK(run.slots[2][0] == Approx((-1 - 4 * 3.0 - 4 * 3.5) / (1 + 4 + 4)));  // x
  CHECK(run.scalars.whole[0] == 9);
  CHECK(run.scalars.whole[1] == 2);
}

TEST_CASE("ScheduleFreeAdamW composes", "[rule]") {
  support::composes(ScheduleFreeAdamW{.weight_decay = 0.1});
  support::is_stored(ScheduleFreeAdamW{.weight_decay = 0.1});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, ScheduleFreeAdamW{}});
  support::composes(gradus::vary<&ScheduleFreeAdamW::weight_decay>(ScheduleFreeAdamW{},
                                                                   gradus::Constant<>{0.01}));
}
