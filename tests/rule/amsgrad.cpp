#include <gradus/rule/amsgrad.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::AMSGrad;
using gradus::Eps;

const support::Registered registered_amsgrad{AMSGrad{}};

TEMPLATE_TEST_CASE("AMSGrad conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return AMSGrad{}; });
  support::conforms<TestType>(
      [] { return AMSGrad{.eps_place = Eps::inside, .max_corrected = true}; });
}

TEST_CASE("AMSGrad is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("amsgrad", AMSGrad{}, 1e-3);
  support::same_as_pytorch("amsgrad_eps", AMSGrad{.beta1 = 0.8, .beta2 = 0.9, .eps = 1e-4}, 1e-3);
  support::same_as_pytorch("amsgrad_decay",
                           gradus::Chain{AMSGrad{.beta2 = 0.5}, gradus::WeightDecay{0.1}}, 1e-3);
}

TEMPLATE_TEST_CASE("AMSGrad names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("AMSGrad.beta1", [](double x) { return AMSGrad{.beta1 = x}; });
  support::checks_beta<T>("AMSGrad.beta2", [](double x) { return AMSGrad{.beta2 = x}; });
  support::checks_positive<T>("AMSGrad.eps", [](double x) { return AMSGrad{.eps = x}; });
}

// One gradient of 1, then 200 of 0.01: the largest corrected v is the first, 1, and lasts; the
// largest raw v is 0.001, of which the correction makes less and less.
TEST_CASE("AMSGrad's maximum is of v as it is, or of v corrected", "[rule]") {
  const auto moved = [](const AMSGrad& rule) {
    support::Run<AMSGrad, double> run(rule, {0});
    run.step(rule, {0, 1e-3}, std::vector{1.0});
    const double after_first = run.p[0];
    for (gradus::step_t t = 1; t <= 200; ++t) run.step(rule, {t, 1e-3}, std::vector{0.01});
    return std::pair{after_first, after_first - run.p[0]};
  };
  const auto [raw_first, raw] = moved(AMSGrad{});
  const auto [corrected_first, corrected] = moved(AMSGrad{.max_corrected = true});
  const auto [none_first, none] = moved(AMSGrad{.bias_correction = false});
  CHECK(raw_first == Approx(-1e-3));
  CHECK(corrected_first == Approx(-1e-3));
  CHECK(none_first == Approx(-1e-3 * 0.1 / std::sqrt(0.001)));
  CHECK(raw > 2 * corrected);
  CHECK(none > raw);
}
