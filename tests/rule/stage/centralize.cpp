#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/centralize.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/composes.hpp"
#include "support/rule_conformance.hpp"

using gradus::Centralize;
using gradus::Chain;
using gradus::SGD;

TEMPLATE_TEST_CASE("Centralize conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{Centralize{}, SGD{}}; }, {.local = false});
}

TEST_CASE("Centralize takes each span's mean, after the stages before it", "[rule][stage]") {
  std::vector<std::vector<double>> p{{0, 0, 2}, {}, {0}}, g{{1, 2, 5}, {}, {7}};
  gradus::Optimizer opt{gradus::Constant<>{1}, Chain{gradus::L2{0.5}, Centralize{}, SGD{}}, p};
  opt.step(p, g);  // with L2 {1, 2, 6}
  CHECK(p[0] == std::vector<double>{2, 1, -1});
  CHECK(p[2] == std::vector<double>{0});
}

TEMPLATE_TEST_CASE("Centralize leaves gradients alone where one is not finite", "[rule][stage]",
                   float, double) {
  using T = TestType;
  const Chain rule{Centralize{}, SGD{}};
  support::Run<decltype(rule), T> run(rule, {T{1}, T{2}, T{3}});
  run.step(rule, {0, 0.5}, std::vector<T>{T{4}, support::infinity<T>(), support::nan<T>()});
  CHECK(run.p[0] == -1);
}

TEST_CASE("Centralize composes", "[rule][stage]") {
  support::composes(Chain{Centralize{}, gradus::Momentum{}});
  support::is_stored(Chain{Centralize{}, gradus::Momentum{}});
}
