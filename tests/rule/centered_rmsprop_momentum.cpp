#include <gradus/rule/centered_rmsprop_momentum.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::CenteredRMSpropMomentum;
using gradus::Eps;

const support::Registered registered_centered_rmsprop_momentum{CenteredRMSpropMomentum{}};

TEMPLATE_TEST_CASE("CenteredRMSpropMomentum conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return CenteredRMSpropMomentum{}; });
  support::conforms<TestType>([] {
    return CenteredRMSpropMomentum{
        .eps = 1e-4, .initial_accumulator_value = 1, .eps_place = Eps::inside};
  });
}

TEST_CASE("CenteredRMSpropMomentum is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("rmsprop_centered_momentum", CenteredRMSpropMomentum{.momentum = 0.8},
                           1e-2);
}

TEMPLATE_TEST_CASE("CenteredRMSpropMomentum names the field that is wrong", "[rule]", float,
                   double) {
  using T = TestType;
  support::checks_beta<T>("CenteredRMSpropMomentum.alpha",
                          [](double x) { return CenteredRMSpropMomentum{.alpha = x}; });
  support::checks_beta<T>("CenteredRMSpropMomentum.momentum",
                          [](double x) { return CenteredRMSpropMomentum{.momentum = x}; });
  support::checks_positive<T>("CenteredRMSpropMomentum.eps",
                              [](double x) { return CenteredRMSpropMomentum{.eps = x}; });
  support::checks_not_negative<T>(
      "CenteredRMSpropMomentum.initial_accumulator_value",
      [](double x) { return CenteredRMSpropMomentum{.initial_accumulator_value = x}; });
}

TEST_CASE("CenteredRMSpropMomentum takes no root of a negative number", "[rule]") {
  const CenteredRMSpropMomentum rule{.alpha = 0.5, .eps = 1e-3};
  support::Run<CenteredRMSpropMomentum, float> run(rule, std::vector<float>(100));
  std::vector<float> g(100);
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = 1.0F + static_cast<float>(i) / 128.0F;
  for (gradus::step_t t = 0; t < 100; ++t) run.step(rule, {t, 0.01}, g);
  for (const float& x : run.p) CHECK(gradus::math::is_finite(x));
}
