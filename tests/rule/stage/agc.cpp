#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/agc.hpp>

#include "support/composes.hpp"
#include "support/rule_conformance.hpp"

using gradus::AGC;
using gradus::Chain;
using gradus::SGD;

TEMPLATE_TEST_CASE("AGC conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{AGC{}, SGD{}}; }, {.local = false});
}

TEMPLATE_TEST_CASE("AGC names the field that is wrong", "[rule][stage]", float, double) {
  support::checks_positive<double>("AGC.clip_factor",
                                   [](double x) { return Chain{AGC{x}, SGD{}}; });
  support::checks_positive<double>("AGC.eps", [](double x) { return Chain{AGC{.eps = x}, SGD{}}; });
}

TEST_CASE("AGC clips each span to a part of its parameters' norm", "[rule][stage]") {
  std::vector<std::vector<double>> p{{3, 4}, {}, {0}, {10}}, g{{6, 8}, {}, {-7}, {1}};
  gradus::Optimizer opt{gradus::Constant<>{1}, Chain{AGC{.clip_factor = 0.5, .eps = 0.25}, SGD{}},
                        p};
  opt.step(p, g);
  CHECK(p[0][0] == Approx(3 - 2.5 * 0.6));
  CHECK(p[0][1] == Approx(4 - 2.5 * 0.8));
  CHECK(p[2][0] == Approx(0.5 * 0.25));  // parameters of zero have the norm eps
  CHECK(p[3][0] == 9);
}

TEMPLATE_TEST_CASE("AGC leaves gradients alone where one is not finite", "[rule][stage]", float,
                   double) {
  using T = TestType;
  const Chain rule{AGC{}, SGD{}};
  support::Run<decltype(rule), T> run(rule, {T{1}, T{2}});
  run.step(rule, {0, 0.5}, std::vector<T>{T{4}, support::infinity<T>()});
  CHECK(run.p[0] == -1);
}

TEST_CASE("AGC composes", "[rule][stage]") {
  support::composes(Chain{AGC{}, gradus::Momentum{}});
  support::composes(Chain{gradus::vary<&AGC::clip_factor>(AGC{}, gradus::Constant<>{0.5}), SGD{}});
}
