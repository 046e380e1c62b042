#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_value.hpp>

#include "support/reference_data.hpp"
#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::ClipValue;
using gradus::SGD;

TEMPLATE_TEST_CASE("ClipValue conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{ClipValue{0.05}, SGD{}}; });
}

TEST_CASE("ClipValue is PyTorch's, bit for bit", "[rule][stage][reference]") {
  support::same_as_pytorch("sgd_clip_value", Chain{ClipValue{0.05}, SGD{}}, 0.01);
}

TEMPLATE_TEST_CASE("ClipValue names the field that is wrong", "[rule][stage]", float, double) {
  support::checks_positive<TestType>("ClipValue.clip_value",
                                     [](double x) { return Chain{ClipValue{x}, SGD{}}; });
}

TEMPLATE_TEST_CASE("ClipValue clips infinities and lets NaN through", "[rule][stage]", float,
                   double) {
  using T = TestType;
  const Chain rule{ClipValue{0.5}, SGD{}};
  const std::vector<T> g{support::infinity<T>(),
                         -support::infinity<T>(),
                         support::nan<T>(),
                         T{0.5},
                         T{-0.5},
                         T{0.25},
                         T{-0.75}};
  for (const support::Isa isa : support::paths()) {
    const support::OnPath on(isa);
    support::Run<decltype(rule), T> run(rule, std::vector<T>(g.size()));
    run.step(rule, {0, 1}, g);
    const std::vector<T> expected{T{-0.5}, T{0.5}, g[2], T{-0.5}, T{0.5}, T{-0.25}, T{0.5}};
    for (std::size_t i = 0; i < g.size(); ++i) CHECK(support::same_value(run.p[i], expected[i]));
  }
}
