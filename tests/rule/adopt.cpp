#include <gradus/rule/adopt.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::ADOPT;

const support::Registered registered_adopt{ADOPT{}};

TEMPLATE_TEST_CASE("ADOPT conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return ADOPT{}; });
}

TEST_CASE("ADOPT follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "adopt", ADOPT{}, 1e-2, 1e-14);
  support::close_to<double>(support::formulas, "adopt_unclipped", ADOPT{.clip = false}, 1e-2,
                            1e-14);
  support::float_like_double(ADOPT{}, 1e-2, 1e-5);
}

TEMPLATE_TEST_CASE("ADOPT: the first update gives v its start, whatever the gradient", "[rule]",
                   float, double) {
  using T = TestType;
  const std::vector<T> g{T{0}, T{1}, T(-1e-3), T(1e18), T(-1e35)};
  const std::vector<T> p(g.size(), T{1});
  const T largest = static_cast<T>(gradus::simd::most_squarable<T>);
  for (const bool clip : {true, false}) {
    const ADOPT rule{.clip = clip};
    support::Run<ADOPT, T> run(rule, p);
    run.step(rule, {0, 0.5}, g);
    CHECK(support::same_bits(run.p, p));
    for (std::size_t i = 0; i < g.size(); ++i) {
      CHECK(run.slots[0][i] == 0);
      const T taken = std::min(std::abs(g[i]), largest);
      CHECK(run.slots[1][i] == taken * taken);
    }
  }
}

TEST_CASE("ADOPT clips to t^power", "[rule]") {
  const ADOPT rule{.beta1 = 0, .power = 0.5};
  support::Run<ADOPT, double> run(rule, {0.0});
  run.slots[1][0] = 1;
  run.step(rule, {4, 1}, std::vector{-3.0});
  CHECK(run.p[0] == 2);
}

TEST_CASE("ADOPT at the edges of its fields", "[rule]") {
  for (const ADOPT& rule : {ADOPT{.beta1 = 0}, ADOPT{.beta2 = 0}, ADOPT{.power = 0},
                            ADOPT{.beta1 = 0, .beta2 = 0, .clip = false}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("ADOPT names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("ADOPT.beta1", [](double x) { return ADOPT{.beta1 = x}; });
  support::checks_beta<T>("ADOPT.beta2", [](double x) { return ADOPT{.beta2 = x}; });
  support::checks_positive<T>("ADOPT.eps", [](double x) { return ADOPT{.eps = x}; });
  support::checks_not_negative<T>("ADOPT.power", [](double x) { return ADOPT{.power = x}; });
}
