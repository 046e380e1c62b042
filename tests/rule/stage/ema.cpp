#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/decay.hpp>
#include <gradus/rule/stage/ema.hpp>

#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::Ema;
using gradus::SGD;

TEMPLATE_TEST_CASE("Ema conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{SGD{}, Ema{0.9}}; });
}

TEMPLATE_TEST_CASE("Ema names the field that is wrong", "[rule][stage]", float, double) {
  support::checks_beta<TestType>("Ema.decay", [](double x) { return Chain{SGD{}, Ema{x}}; });
}

TEST_CASE("Ema starts as a copy of the parameters, span after span", "[rule][stage]") {
  std::vector<std::vector<float>> p{{1, 2}, {}, {3, 4, 5}};
  const gradus::Optimizer opt{gradus::Constant<>{0.1}, Chain{SGD{}, Ema{}}, p};
  const std::span<const float> average = opt.slot("Ema.average");
  CHECK(std::vector<float>(average.begin(), average.end()) == std::vector<float>{1, 2, 3, 4, 5});
}

TEST_CASE("Ema refuses a mere number of parameters", "[rule][stage]") {
  using Opt = gradus::Optimizer<gradus::Constant<>, Chain<SGD, Ema>>;
  CHECK_THROWS_WITH(
      Opt({0.1}, Chain{SGD{}, Ema{}}, 7),
      "gradus::Optimizer.params must be given, not only their number: a slot starts as a "
      "copy of them (got 7)");
}

TEST_CASE("Ema averages the parameters that the step leads to", "[rule][stage]") {
  const Chain rule{SGD{}, gradus::Decay{0.5}, Ema{0.75}};
  support::Run<decltype(rule), double> run(rule, {8});
  double average = 8;
  for (gradus::step_t t = 0; t < 3; ++t) {
    run.step(rule, {t, 0.5}, std::vector{1.0});
    average = 0.75 * average + 0.25 * run.p[0];
    CHECK(run.slots[0][0] == Approx(average).epsilon(1e-15));
  }
}
