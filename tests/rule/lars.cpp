#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/lars.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/stage/clip_value.hpp>

#include "support/composes.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::LARS;

const support::Registered registered_lars{LARS{}};

TEMPLATE_TEST_CASE("LARS conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return LARS{}; }, {.local = false});
  support::conforms<TestType>(
      [] { return LARS{.weight_decay = 0.1, .trust_clip = true, .rate_inside = true}; },
      {.decays = true, .local = false});
}

TEST_CASE("LARS follows its formula", "[rule][reference]") {
  const LARS rule{.weight_decay = 1e-2};
  support::close_to<double>(support::formulas, "lars", rule, 0.5, 1e-14);
  LARS inside = rule;
  inside.rate_inside = true;  // the same for a constant rate
  support::close_to<double>(support::formulas, "lars", inside, 0.5, 1e-14);
}

TEMPLATE_TEST_CASE("LARS names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("LARS.momentum", [](double x) { return LARS{.momentum = x}; });
  support::checks_positive<double>("LARS.trust_coefficient",
                                   [](double x) { return LARS{.trust_coefficient = x}; });
  support::checks_not_negative<T>("LARS.weight_decay",
                                  [](double x) { return LARS{.weight_decay = x}; });
  support::checks_not_negative<double>("LARS.eps", [](double x) { return LARS{.eps = x}; });
}

namespace {

template <class T>
std::vector<T> one_step(const LARS& rule, double rate, std::vector<T> p, const std::vector<T>& g) {
  support::Run<LARS, T> run(rule, std::move(p));
  run.step(rule, {0, rate}, g);
  return run.p;
}

}  // namespace

TEMPLATE_TEST_CASE("LARS moves a layer by a part of its norm, whatever its gradients", "[rule]",
                   float, double) {
  using T = TestType;
  const LARS rule{.trust_coefficient = 0.25, .eps = 0};
  for (const double size : {1e-30, 1.0, 1e30}) {
    const T s = static_cast<T>(size);
    const std::vector<T> p = one_step<T>(rule, 0.5, {T{3}, T{-4}}, {3 * s, 4 * s});
    CHECK(p[0] == Approx(3 - 0.5 * 0.25 * 5 * 0.6));
    CHECK(p[1] == Approx(-4 - 0.5 * 0.25 * 5 * 0.8));
  }
}

TEST_CASE("LARS clips so that no layer moves by more than the rate says", "[rule]") {
  LARS rule{.trust_coefficient = 0.25, .eps = 0, .trust_clip = true};
  const std::vector<double> p{3, -4}, g{3e-3, 4e-3};  // the ratio is 250
  CHECK(one_step<double>(rule, 0.5, p, g)[0] == Approx(3 - 0.5 * 3e-3));
  CHECK(one_step<double>(rule, 1000, p, g)[0] == Approx(3 - 250 * 3e-3));
}

TEMPLATE_TEST_CASE("LARS is Momentum for a layer without a norm", "[rule]", float, double) {
  using T = TestType;
  CHECK(one_step<T>({}, 0.5, {T{0}, T{0}}, {T{1}, T{-1}}) == std::vector<T>{T(-0.5), T(0.5)});
  const std::vector<T> p = one_step<T>({}, 0.5, {T{4}, T{3}}, {T{1}, support::nan<T>()});
  CHECK(p[0] == T(3.5));
  CHECK(gradus::math::is_nan(p[1]));
}

TEST_CASE("LARS takes the norms of each span by itself, after the stages before it", "[rule]") {
  const gradus::Chain rule{gradus::ClipValue{0.1}, LARS{.trust_coefficient = 0.25, .eps = 0}};
  std::vector<std::vector<double>> p{{3, 4}, {}, {6}}, g{{1, 0}, {}, {-5}};
  gradus::Optimizer opt{gradus::Constant<>{0.5}, rule, p};
  opt.step(p, g);
  CHECK(p[0][0] == Approx(3 - 0.5 * 0.25 * 5));
  CHECK(p[0][1] == 4);
  CHECK(p[2][0] == Approx(6 + 0.5 * 0.25 * 6));
}

TEST_CASE("LARS composes", "[rule]") {
  support::composes(LARS{.weight_decay = 0.1});
  support::is_stored(LARS{.weight_decay = 0.1});
  support::composes(gradus::Chain{gradus::ClipValue{0.01}, LARS{}});
  support::composes(gradus::vary<&LARS::trust_coefficient>(LARS{}, gradus::Constant<>{0.01}));
}
