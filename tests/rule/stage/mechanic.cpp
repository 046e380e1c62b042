#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/mechanic.hpp>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/rule_conformance.hpp"

using gradus::Adam;
using gradus::Chain;
using gradus::Mechanic;

TEMPLATE_TEST_CASE("Mechanic conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Chain{Adam{}, Mechanic{}}; }, {.local = false});
}

TEST_CASE("Mechanic follows its formula", "[rule][reference]") {
  const Chain rule{Adam{}, Mechanic{}};
  support::close_to<double>(support::formulas, "mechanic", rule, 1, 1e-14);
}

TEST_CASE("Mechanic finds the rate of another rule", "[rule]") {
  support::finds_its_rate(Chain{Adam{}, Mechanic{}}, 4000);
}

TEST_CASE("Mechanic names the field that is wrong", "[rule]") {
  const auto with = [](const Mechanic& m) { return Chain{gradus::SGD{}, m}; };
  support::checks_positive<double>("Mechanic.s_init",
                                   [&](double x) { return with({.s_init = x}); });
  support::checks_not_negative<double>("Mechanic.weight_decay",
                                       [&](double x) { return with({.weight_decay = x}); });
  support::checks_positive<double>("Mechanic.eps", [&](double x) { return with({.eps = x}); });
}

TEST_CASE("Mechanic begins with six equal parts, and keeps them after a gradient of NaN",
          "[rule]") {
  const Chain rule{gradus::SGD{}, Mechanic{.s_init = 0.125}};
  using R = std::remove_const_t<decltype(rule)>;
  support::Run<R, double> run(rule, {1, 2});
  for (std::size_t i = 0; i < 6; ++i) CHECK(run.scalars.whole[4 * i + 3] == 0.125);
  run.step(rule, {0, 1}, std::vector<double>{1, -1});
  const auto before = run.scalars;
  run.step(rule, {1, 1}, std::vector<double>{support::nan<double>(), -1});
  CHECK(run.scalars == before);
  CHECK(gradus::math::is_finite(run.p[1]));
}

TEST_CASE("Mechanic's sums are the same however they come about", "[rule]") {
  support::sums_alike(Chain{Adam{}, Mechanic{}});
}

TEST_CASE("Mechanic composes", "[rule]") {
  support::composes(Chain{Adam{}, Mechanic{}});
  support::is_stored(Chain{Adam{}, Mechanic{}});
  support::composes(Chain{
      gradus::SGD{}, gradus::vary<&Mechanic::weight_decay>(Mechanic{}, gradus::Constant<>{0.01})});
}
