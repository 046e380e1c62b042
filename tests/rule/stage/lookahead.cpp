#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/rule/stage/lookahead.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

#include "support/composes.hpp"
#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::Lookahead;
using gradus::SGD;

TEMPLATE_TEST_CASE("Lookahead conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{SGD{}, Lookahead{}}; });
  support::conforms<TestType>(
      [] { return Chain{SGD{}, Lookahead{.sync_period = 1, .slow_step_size = 0.3}}; });
}

TEMPLATE_TEST_CASE("Lookahead names the field that is wrong", "[rule][stage]", float, double) {
  using T = TestType;
  for (const int every : {0, -5})
    support::refuses<T>(Chain{SGD{}, Lookahead{.sync_period = every}},
                        support::sentence("Lookahead.sync_period", "must be > 0", every));
  for (const double& part : {0.0, -0.5, 1.5, support::nan<double>(), support::infinity<double>()})
    support::refuses<T>(Chain{SGD{}, Lookahead{.slow_step_size = part}},
                        support::sentence("Lookahead.slow_step_size", "must be in (0, 1]", part));
  support::accepts<T>(Chain{SGD{}, Lookahead{.slow_step_size = 1}});
}

TEST_CASE("Lookahead goes a part of the way every so many steps", "[rule][stage]") {
  const Chain rule{SGD{}, gradus::WeightDecay{0.5},
                   Lookahead{.sync_period = 3, .slow_step_size = 0.25}};
  support::Run<decltype(rule), double> run(rule, {8});
  double fast = 8, slow = 8;
  support::Random random;
  for (gradus::step_t t = 0; t < 100; ++t) {
    const double g = random.number<double>();
    run.step(rule, {t, 0.125}, std::vector{g});
    fast = fast * (1 - 0.125 * 0.5) - 0.125 * g;
    if (t % 3 == 2) fast = slow = slow + 0.25 * (fast - slow);
    CAPTURE(t);
    CHECK(run.p[0] == Approx(fast).epsilon(1e-13));
    CHECK(run.slots[0][0] == Approx(slow).epsilon(1e-13));
    if (t % 3 == 2) CHECK(run.p[0] == run.slots[0][0]);
  }
}

TEST_CASE("Lookahead that goes all the way is not there", "[rule][stage]") {
  const Chain rule{SGD{}, Lookahead{.sync_period = 1, .slow_step_size = 1}};
  support::Run<decltype(rule), double> run(rule, {8});
  support::Run<SGD, double> plain(SGD{}, {8});
  for (gradus::step_t t = 0; t < 10; ++t) {
    run.step(rule, {t, 0.5}, std::vector{0.25});
    plain.step(SGD{}, {t, 0.5}, std::vector{0.25});
    CHECK(run.p == plain.p);
  }
}

TEST_CASE("Stages after Lookahead see where it goes", "[rule][stage]") {
  const Chain rule{SGD{}, Lookahead{.sync_period = 2}, gradus::Ema{0.0}};
  support::Run<decltype(rule), double> run(rule, {8});
  for (gradus::step_t t = 0; t < 4; ++t) {
    run.step(rule, {t, 0.5}, std::vector{1.0});
    CHECK(run.slots[1] == run.p);
  }
}

TEST_CASE("Stages in every order around Lookahead do what is written, one after another",
          "[rule][stage]") {
  const gradus::WeightDecay decay{0.5};
  const gradus::Ema ema{0.75};
  const Lookahead ahead{.sync_period = 3, .slow_step_size = 0.5},
      slower{.sync_period = 2, .slow_step_size = 0.25};
  std::size_t orders = 0;
  const auto check = [&](const auto&... stages) {
    const Chain rule{SGD{}, stages...};
    support::Run<std::remove_const_t<decltype(rule)>, double> run(rule, {8});
    double p = 8, averages[2] = {8, 8}, slow[2] = {8, 8};
    support::Random random;
    bool right = true;
    for (gradus::step_t t = 0; t < 30; ++t) {
      const double g = random.number<double>();
      run.step(rule, {t, 0.125}, std::vector{g});
      double step = 0.125 * g;
      std::size_t nth = 0;
      const auto one = [&](const auto& stage) {
        using Stage = std::remove_cvref_t<decltype(stage)>;
        if constexpr (std::is_same_v<Stage, gradus::WeightDecay>) {
          p *= 1 - 0.125 * 0.5;
        } else if constexpr (std::is_same_v<Stage, gradus::Ema>) {
          averages[0] = 0.75 * averages[0] + 0.25 * (p - step);
        } else if ((t + 1) % stage.sync_period.steps() == 0) {
          slow[nth] += stage.slow_step_size * (p - step - slow[nth]);
          p = slow[nth], step = 0;
        }
        if constexpr (std::is_same_v<Stage, Lookahead>) ++nth;
      };
      (one(stages), ...);
      p -= step;
      right = right && run.p[0] == Approx(p).epsilon(1e-13);
    }
    CAPTURE(orders, run.p[0], p);
    CHECK(right);
    ++orders;
  };
  check(ahead, decay, ema);
  check(ahead, ema, decay);
  check(decay, ahead, ema);
  check(decay, ema, ahead);
  check(ema, ahead, decay);
  check(ema, decay, ahead);
  check(ahead, slower, decay);
  check(slower, ahead, ema);
  check(ahead, decay, slower);
  CHECK(orders == 9);
}

TEST_CASE("Lookahead composes", "[rule][stage]") {
  support::composes(Chain{gradus::AdamW{}, Lookahead{}});
  support::composes(
      Chain{SGD{}, gradus::vary<&Lookahead::slow_step_size>(Lookahead{}, gradus::Constant<>{0.8})});
}
