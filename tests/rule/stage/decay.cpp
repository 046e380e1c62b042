#include <gradus/rule/adam.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/stage/decay.hpp>

#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::Decay;

TEMPLATE_TEST_CASE("Decay conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{gradus::Momentum{}, Decay{}}; }, {.decays = true});
}

TEMPLATE_TEST_CASE("Decay names the field that is wrong", "[rule][stage]", float, double) {
  support::checks_not_negative<TestType>(
      "Decay.decay", [](double x) { return Chain{gradus::Momentum{}, Decay{x}}; });
}

TEMPLATE_TEST_CASE("Decay behind Adam is AdamW, bit for bit", "[rule][stage]", float, double) {
  using T = TestType;
  const gradus::AdamW one{.decay = 0.1};
  const Chain two{gradus::Adam{}, Decay{0.1}};
  support::Run<gradus::AdamW, T> a(one, support::numbers<T>(100, 1));
  support::Run<decltype(two), T> b(two, a.p);
  for (gradus::step_t t = 0; t < 50; ++t) {
    const std::vector<T> g = support::numbers<T>(100, 10 + t);
    a.step(one, {t, 1e-2}, g);
    b.step(two, {t, 1e-2}, g);
    CHECK(support::same_bits(a.p, b.p));
  }
}

TEST_CASE("Decay shrinks the old parameter, then the step is taken", "[rule][stage]") {
  const Chain rule{gradus::Momentum{0}, Decay{0.5}};
  support::Run<decltype(rule), double> run(rule, {8});
  run.step(rule, {0, 0.5}, std::vector{1.0});
  CHECK(run.p[0] == 8 * 0.75 - 0.5);
}
