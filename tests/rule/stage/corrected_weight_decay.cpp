#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/stage/corrected_weight_decay.hpp>

#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::CorrectedWeightDecay;

TEMPLATE_TEST_CASE("CorrectedWeightDecay conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>(
      [] { return Chain{gradus::Momentum{}, CorrectedWeightDecay{.peak = 0.1}}; },
      {.decays = true});
}

TEMPLATE_TEST_CASE("CorrectedWeightDecay names the field that is wrong", "[rule][stage]", float,
                   double) {
  using T = TestType;
  support::checks_not_negative<T>("CorrectedWeightDecay.weight_decay", [](double x) {
    return Chain{gradus::Momentum{}, CorrectedWeightDecay{.weight_decay = x, .peak = 1}};
  });
  for (const double& x : {-0.1, 0.0, support::nan<double>(), support::infinity<double>()})
    support::refuses<T>(
        Chain{gradus::Momentum{}, CorrectedWeightDecay{.peak = x}},
        support::sentence("CorrectedWeightDecay.peak", "must be finite and > 0", x));
}

TEMPLATE_TEST_CASE(
    "CorrectedWeightDecay is WeightDecay at the peak, and falls with the square of the rate",
    "[rule][stage]", float, double) {
  using T = TestType;
  const CorrectedWeightDecay corrected{.weight_decay = 0.5, .peak = 0.5};
  for (const double share : {1.0, 0.5, 0.25, 0.0}) {
    const Chain one{gradus::Adam{}, corrected};
    const Chain plain{gradus::Adam{}, gradus::WeightDecay{0.5 * share}};
    support::Run<decltype(one), T> a(one, support::numbers<T>(100, 1));
    support::Run<decltype(plain), T> b(plain, a.p);
    a.step(one, {0, 0.5 * share}, support::numbers<T>(100, 2));
    b.step(plain, {0, 0.5 * share}, support::numbers<T>(100, 2));
    CHECK(support::same_bits(a.p, b.p));
  }
}
