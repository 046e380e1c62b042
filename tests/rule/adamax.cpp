#include <gradus/rule/adamax.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Adamax;
using gradus::Eps;

const support::Registered registered_adamax{Adamax{}};

TEMPLATE_TEST_CASE("Adamax conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Adamax{}; });
  support::conforms<TestType>(
      [] { return Adamax{.eps_place = Eps::outside, .bias_correction = false}; });
}

TEST_CASE("Adamax is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("adamax", Adamax{}, 2e-3);
  support::same_as_pytorch(
      "adamax_eps",
      gradus::Chain{gradus::L2{1e-2}, Adamax{.beta1 = 0.8, .beta2 = 0.9, .eps = 1e-3}}, 1e-3);
}

TEMPLATE_TEST_CASE("Adamax names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Adamax.beta1", [](double x) { return Adamax{.beta1 = x}; });
  support::checks_beta<T>("Adamax.beta2", [](double x) { return Adamax{.beta2 = x}; });
  support::checks_positive<T>("Adamax.eps", [](double x) { return Adamax{.eps = x}; });
}

TEST_CASE("Adamax has eps and its correction where they are asked for", "[rule]") {
  const auto first_step = [](const Adamax& rule) {
    support::Run<Adamax, double> run(rule, {0});
    run.step(rule, {0, 1.0}, std::vector{0.25});
    run.step(rule, {1, 1.0}, std::vector{0.0});
    return -run.p[0];
  };
  const double eps = 0.5, b1 = 0.9, b2 = 0.999, m = 0.1 * 0.25;
  const auto steps = [&](double u1, double u2, double c1, double c2) {
    return m / c1 / u1 + b1 * m / c2 / u2;
  };
  CHECK(first_step({.eps = eps}) ==
        Approx(steps(0.25 + eps, b2 * (0.25 + eps), 0.1, 0.19)).epsilon(1e-13));
  CHECK(first_step({.eps = eps, .eps_place = Eps::outside}) ==
        Approx(steps(0.25 + eps, b2 * 0.25 + eps, 0.1, 0.19)).epsilon(1e-13));
  CHECK(first_step({.eps = eps, .bias_correction = false}) ==
        Approx(steps(0.25 + eps, b2 * (0.25 + eps), 1, 1)).epsilon(1e-13));
}
