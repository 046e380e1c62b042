#include <gradus/rule/dampened_momentum.hpp>
#include <gradus/rule/momentum.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::DampenedMomentum;

const support::Registered registered_dampened_momentum{DampenedMomentum{}};

TEMPLATE_TEST_CASE("DampenedMomentum conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return DampenedMomentum{.dampening = 0.5}; });
}

TEST_CASE("DampenedMomentum is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("sgd_dampening", DampenedMomentum{.dampening = 0.5}, 0.01);
  support::same_as_pytorch("sgd_momentum", DampenedMomentum{}, 0.01);
}

TEMPLATE_TEST_CASE("DampenedMomentum names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("DampenedMomentum.momentum",
                          [](double x) { return DampenedMomentum{.momentum = x}; });
  support::checks_beta<T>("DampenedMomentum.dampening",
                          [](double x) { return DampenedMomentum{.dampening = x}; });
}

TEST_CASE("DampenedMomentum takes the first gradient whole, or dampens it, too", "[rule]") {
  const auto two_steps = [](const DampenedMomentum& rule) {
    support::Run<DampenedMomentum, double> run(rule, {0});
    run.step(rule, {0, 1}, std::vector{1.0});
    const double first = run.p[0];
    run.step(rule, {1, 1}, std::vector{1.0});
    return std::pair{first, run.p[0] - first};
  };
  const DampenedMomentum rule{.momentum = 0.5, .dampening = 0.75}, all{0.5, 0.75, true};
  CHECK(two_steps(rule) == std::pair{-1.0, -0.75});
  CHECK(two_steps(all) == std::pair{-0.25, -0.375});
}
