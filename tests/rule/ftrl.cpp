#include <gradus/optimizer.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/ftrl.hpp>
#include <gradus/rule/stage/l2.hpp>
#include <gradus/schedule/linear.hpp>

#include <array>
#include <cmath>
#include <vector>

#include "support/composes.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::FTRL;

const support::Registered registered_ftrl{FTRL{}};

TEMPLATE_TEST_CASE("FTRL conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return FTRL{}; }, {.decays = true});
  support::conforms<TestType>(
      [] { return FTRL{.l1 = 0.01, .l2 = 0.1, .beta = 0, .initial_accumulator_value = 0.1}; },
      {.decays = true});
}

TEST_CASE("FTRL follows its formula", "[rule][reference]") {
  const FTRL keras{.beta = 0, .initial_accumulator_value = 0.1};
  support::close_to<double>(support::formulas, "ftrl", FTRL{.l1 = 1e-3, .l2 = 1e-2}, 0.1, 1e-13);
  support::close_to<double>(support::formulas, "ftrl_keras", keras, 0.05, 1e-13);
}

TEMPLATE_TEST_CASE("FTRL names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_not_negative<T>("FTRL.l1", [](double x) { return FTRL{.l1 = x}; });
  support::checks_not_negative<T>("FTRL.l2", [](double x) { return FTRL{.l2 = x}; });
  support::checks_not_negative<T>(
      "FTRL.beta", [](double x) { return FTRL{.beta = x, .initial_accumulator_value = 1}; });
  support::checks_not_negative<T>("FTRL.initial_accumulator_value",
                                  [](double x) { return FTRL{.initial_accumulator_value = x}; });
  for (const double& x : {0.0, -0.0})
    support::refuses<T>(
        FTRL{.beta = x, .initial_accumulator_value = 0},
        support::sentence(
            "FTRL.beta",
            "must be > 0 in the parameters' type where initial_accumulator_value is not", x));
}

TEST_CASE("FTRL with an L1 penalty makes small parameters exactly zero", "[rule]") {
  const FTRL rule{.l1 = 1};
  support::Run<FTRL, float> run(rule, {0, 0});
  run.step(rule, {0, 0.5}, std::vector{0.75F, -3.0F});
  CHECK(support::to_bits(run.p[0]) == 0);
  CHECK(run.p[1] == Approx((3 - 1) / ((1 + 3) / 0.5)));
  run.step(rule, {1, 0.5}, std::vector{0.0F, 3.0F});
  CHECK(run.p[0] == 0);
}

namespace {

// The sum that FTRL minimises, term by term: each step adds its gradient, and a square around where
// the parameter was, weighted by how much (beta + sqrt(n)) / rate has grown.
struct Reference {
  FTRL rule;
  long double p;
  long double n = static_cast<long double>(rule.initial_accumulator_value), rate = 0, weight = 0,
              gone = 0;
  std::vector<std::array<long double, 3>> terms = {};  // gradient, weight, where

  void step(long double r, long double g) {
    n += g * g;
    const long double root = std::sqrt(n), before = weight;
    const bool first = rate == 0, moves = r > 0;
    if (moves) rate = r;
    if (rate == 0) return;
    weight = (static_cast<long double>(rule.beta) + root) / rate;
    if (first)
      terms.push_back(
          {g, (root - std::sqrt(static_cast<long double>(rule.initial_accumulator_value))) / rate,
           p});
    else
      terms.push_back({moves ? g : 0, weight - before, p});
    if (!moves) return;
    long double z = 0;
    for (const auto& [of, by, where] : terms) z += of - by * where;
    const auto l1 = static_cast<long double>(rule.l1), l2 = static_cast<long double>(rule.l2);
    p = std::fabs(z) <= l1 ? 0 : ((z > 0 ? l1 : -l1) - z) / (weight + l2);
  }
};

template <class T>
void follows_the_reference(const FTRL& rule, double (*rate)(gradus::step_t), double part) {
  support::Run<FTRL, T> run(rule, {T{2}});
  Reference reference{rule, 2};
  support::Random random(5);
  for (gradus::step_t t = 0; t < 200; ++t) {
    const T g = run.p[0] - T{3} + random.number<T>();
    run.step(rule, {t, rate(t)}, std::vector<T>{g});
    reference.step(static_cast<long double>(rate(t)), static_cast<long double>(g));
    CAPTURE(t, rule.l1, rule.l2, rule.beta);
    const auto off = static_cast<double>(static_cast<long double>(run.p[0]) - reference.p);
    CHECK(1e9 * std::fabs(off) < 1e9 * part);
  }
}

double constant(gradus::step_t) { return 0.25; }
double falling(gradus::step_t t) { return 0.5 / (1.0 + static_cast<double>(t)); }
double rising(gradus::step_t t) { return static_cast<double>(t + 1) * 0x1p-7; }
double interrupted(gradus::step_t t) {
  return t % 5 < 2 ? 0 : static_cast<double>(t % 7 + 1) * 0x1p-5;
}
double restarted(gradus::step_t t) { return t % 10 == 9 ? 0x1p-25 : 0.25; }
double warmup(gradus::step_t t) { return static_cast<double>(t) * 0x1p-7; }

}  // namespace

TEMPLATE_TEST_CASE("FTRL follows its sum for rates that stay, fall, rise and pause",
                   "[rule][reference]", float, double) {
  using T = TestType;
  const double part = sizeof(T) == 4 ? 2e-4 : 1e-10;
  for (const FTRL& rule :
       {FTRL{}, FTRL{.l1 = 0.5}, FTRL{.l1 = 0.01, .l2 = 0.1, .initial_accumulator_value = 0.1},
        FTRL{.beta = 0, .initial_accumulator_value = 0.1}})
    for (const auto rate : {constant, falling, rising, interrupted, warmup, restarted})
      follows_the_reference<T>(rule, rate, part);
}

TEST_CASE("FTRL: a schedule changes the steps, not the parameters", "[rule]") {
  // A falling rate: the minimum is at 3.
  std::vector<float> p{0.0F};
  gradus::Optimizer opt{gradus::Linear{.start = 1.0, .end = 1e-4, .steps = 500}, FTRL{}, p};
  for (int t = 0; t < 500; ++t) opt.step(p, std::vector<float>{p[0] - 3});
  CHECK(p[0] == Approx(3).epsilon(1e-3));
  // A factor at a gradient of zero, and back.
  for (const double factor : {0.1, 10.0, 0.0, 1e-3}) {
    opt.step(p, std::vector<float>{0.0F}, {.factor = factor});
    CHECK(p[0] == Approx(3).epsilon(1e-3));
  }
  // A warmup from 0.
  std::vector<float> q{3.0F};
  const FTRL weak{.beta = 1e-3};
  gradus::Optimizer warm{gradus::Linear{.start = 0.0, .end = 0.5, .steps = 10}, weak, q};
  for (int t = 0; t < 30; ++t) warm.step(q, std::vector<float>{1e-2F * (q[0] - 2)});
  CHECK(q[0] > 1.5F);
}

TEMPLATE_TEST_CASE("FTRL stays where it is at a rate that is as good as none", "[rule]", float,
                   double) {
  using T = TestType;
  const FTRL rule;
  const T tiny = std::numeric_limits<T>::denorm_min();
  support::Run<FTRL, T> run(rule, {T{1}, T{-2}});
  for (const T rate : {T{0}, tiny})
    run.step(rule, {0, static_cast<double>(rate)}, std::vector<T>{T{3}, T{4}});
  CHECK(run.p == std::vector<T>{T{1}, T{-2}});
}

TEMPLATE_TEST_CASE("FTRL counts a gradient as at most the largest that it squares", "[rule]", float,
                   double) {
  using T = TestType;
  const FTRL rule;
  const T most = static_cast<T>(gradus::simd::most_squarable<T>);
  support::Run<FTRL, T> run(rule, {T{1}, T{-2}}), other(rule, {T{1}, T{-2}});
  run.step(rule, {0, 0.5}, std::vector<T>{most * 32, -most * 32});
  other.step(rule, {0, 0.5}, std::vector<T>{most, -most});
  CHECK(run.p == other.p);
  CHECK(std::isfinite(run.p[0]));
}

TEST_CASE("FTRL composes", "[rule]") {
  support::composes(FTRL{.l1 = 0.01});
  support::composes(gradus::Chain{gradus::L2{0.1}, FTRL{}});
  support::composes(gradus::vary<&FTRL::l1>(FTRL{}, gradus::Constant<>{0.01}));
}
