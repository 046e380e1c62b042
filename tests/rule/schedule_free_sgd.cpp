#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/schedule_free_sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>

#include <cmath>
#include <vector>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

#include <algorithm>

using gradus::ScheduleFreeSGD;

const support::Registered registered_schedule_free_sgd{ScheduleFreeSGD{}};

TEMPLATE_TEST_CASE("ScheduleFreeSGD conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return ScheduleFreeSGD{}; });
  support::conforms<TestType>([] { return ScheduleFreeSGD{.weight_decay = 0.1, .step_power = 1}; },
                              {.decays = true});
}

TEST_CASE("ScheduleFreeSGD follows its formula", "[rule][reference]") {
  support::replay<double>(
      support::formulas, "schedule_free_sgd",
      support::Erased<ScheduleFreeSGD, double>(ScheduleFreeSGD{}),
      [](gradus::step_t t) { return 0.5 * std::min(1.0, (static_cast<double>(t) + 1) / 20); },
      [](const std::vector<double>& p, const support::Line& line) {
        for (std::size_t i = 0; i < p.size(); ++i) CHECK(std::fabs(p[i] - line.p[i]) <= 1e-14);
      });
}

TEST_CASE("ScheduleFreeSGD reaches the target with a constant rate", "[rule]") {
  const auto x = [](auto&, auto& opt) { return opt.slot("x"); };
  CHECK(support::left_over(support::Quadratic{}, 0.0, ScheduleFreeSGD{}, 1000, x) < 0.01);
}

TEMPLATE_TEST_CASE("ScheduleFreeSGD names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  using R = ScheduleFreeSGD;
  support::checks_beta<T>("ScheduleFreeSGD.beta", [](double x) { return R{.beta = x}; });
  support::checks_not_negative<T>("ScheduleFreeSGD.weight_decay",
                                  [](double x) { return R{.weight_decay = x}; });
  support::checks_not_negative<double>("ScheduleFreeSGD.rate_power",
                                       [](double x) { return R{.rate_power = x}; });
  support::checks_not_negative<double>("ScheduleFreeSGD.step_power",
                                       [](double x) { return R{.step_power = x}; });
}

TEST_CASE("ScheduleFreeSGD with beta = 0 is SGD, and x its mean", "[rule]") {
  const ScheduleFreeSGD rule{.beta = 0};
  support::Run<ScheduleFreeSGD, double> run(rule, {8});
  run.step(rule, {0, 0.5}, std::vector<double>{2});
  run.step(rule, {1, 0.5}, std::vector<double>{4});
  CHECK(run.p[0] == 5);
  CHECK(run.slots[1][0] == 6);
}

TEST_CASE("ScheduleFreeSGD's weights for evaluation are swapped in and out without a changed bit",
          "[rule]") {
  std::vector<float> p = support::numbers<float>(100, 1);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, ScheduleFreeSGD{}, p};
  for (gradus::step_t t = 0; t < 5; ++t) opt.step(p, support::numbers<float>(100, 2 + t));
  const std::vector<float> trained = p;
  auto same = opt;
  std::ranges::swap_ranges(p, opt.slot("x"));
  CHECK_FALSE(support::same_bits(p, trained));
  std::ranges::swap_ranges(p, opt.slot("x"));
  CHECK(support::same_bits(p, trained));
  std::vector<float> again = p;
  opt.step(p, support::numbers<float>(100, 9));
  same.step(again, support::numbers<float>(100, 9));
  CHECK(support::same_bits(p, again));
}

TEST_CASE("ScheduleFreeSGD: powers that no step takes beyond a double", "[rule]") {
  for (const double& power : {16.5, 400.0, 1e300}) {
    support::refuses<float>(
        ScheduleFreeSGD{.step_power = power},
        support::sentence("ScheduleFreeSGD.step_power", "must be at most 16", power));
    support::refuses<float>(
        ScheduleFreeSGD{.rate_power = power},
        support::sentence("ScheduleFreeSGD.rate_power", "must be at most 16", power));
  }
  // Also late, x is a mean of where z has been, and goes on to move.
  const ScheduleFreeSGD rule{.rate_power = 16, .step_power = 16};
  for (const gradus::step_t begin : {gradus::step_t{0}, gradus::step_t{1} << 62}) {
    support::Run<ScheduleFreeSGD, float> run(rule, {1, -2});
    for (gradus::step_t t = begin; t < begin + 20; ++t)
      run.step(rule, {t, 0.1}, std::vector{run.p[0], run.p[1]});
    for (std::size_t i = 0; i < 2; ++i) {
      const float z = run.slots[0][i], x = run.slots[1][i];
      CHECK(std::abs(x) > std::abs(z));
      CHECK(std::abs(x) < 1);
    }
  }
}

TEST_CASE("ScheduleFreeSGD composes", "[rule]") {
  support::composes(ScheduleFreeSGD{.weight_decay = 0.1});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, ScheduleFreeSGD{}});
  support::composes(
      gradus::vary<&ScheduleFreeSGD::weight_decay>(ScheduleFreeSGD{}, gradus::Constant<>{0.01}));
}
