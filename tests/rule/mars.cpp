#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/mars.hpp>
#include <gradus/rule/stage/clip_value.hpp>

#include "support/composes.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::MARS;

namespace {
constexpr double unlimited = std::numeric_limits<double>::infinity();
}

const support::Registered registered_mars{MARS{}};

TEMPLATE_TEST_CASE("MARS conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return MARS{}; }, {.local = false});
  support::conforms<TestType>([] { return MARS{.weight_decay = 0.1, .max_norm = unlimited}; },
                              {.decays = true});
}

TEST_CASE("MARS follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "mars", MARS{.weight_decay = 1e-2}, 3e-3, 1e-13);
}

TEMPLATE_TEST_CASE("MARS names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_not_negative<T>("MARS.gamma", [](double x) { return MARS{.gamma = x}; });
  support::checks_beta<T>("MARS.beta1", [](double x) { return MARS{.beta1 = x}; });
  support::checks_beta<T>("MARS.beta2", [](double x) { return MARS{.beta2 = x}; });
  support::checks_positive<T>("MARS.eps", [](double x) { return MARS{.eps = x}; });
  support::checks_not_negative<T>("MARS.weight_decay",
                                  [](double x) { return MARS{.weight_decay = x}; });
  support::checks_limit<T>("MARS.max_norm", [](double x) { return MARS{.max_norm = x}; });
}

TEST_CASE("MARS without correction and limit is AdamW", "[rule]") {
  const MARS mars{.gamma = 0, .weight_decay = 0.1, .max_norm = unlimited};
  const gradus::AdamW adamw{.beta1 = 0.95, .beta2 = 0.99, .weight_decay = 0.1};
  support::Run<MARS, float> a(mars, support::numbers<float>(100, 1));
  support::Run<gradus::AdamW, float> b(adamw, a.p);
  for (gradus::step_t t = 0; t < 10; ++t) {
    const std::vector<float> g = support::numbers<float>(100, 10 + t);
    a.step(mars, {t, 1e-2}, g);
    b.step(adamw, {t, 1e-2}, g);
    CHECK(support::same_bits(a.slots[2], g));
  }
  CHECK(support::same_bits(a.p, b.p));
}

TEST_CASE("MARS clips each span, after the correction", "[rule]") {
  const MARS rule{.gamma = 1, .beta1 = 0.5, .max_norm = 1};
  std::vector<std::vector<double>> p{{0, 0}, {}, {0}}, g{{0.3, 0.4}, {}, {6}};
  gradus::Optimizer opt{gradus::Constant<>{0.5}, rule, p};
  opt.step(p, g);  // c = {0.3, 0.4}, {6}: the second is clipped
  CHECK(opt.slot("m")[0] == Approx(0.5 * 0.3));
  CHECK(opt.slot("m")[2] == Approx(0.5 * 1));
  g[0] = {0.9, 1.2}, g[2] = {6};
  opt.step(p, g);  // c = {1.5, 2}, {6}
  CHECK(opt.slot("m")[0] == Approx(0.5 * 0.15 + 0.5 * 0.6));
  CHECK(opt.slot("m")[1] == Approx(0.5 * 0.2 + 0.5 * 0.8));
  CHECK(opt.slot("m")[2] == Approx(0.5 * 0.5 + 0.5 * 1));
}

TEST_CASE("MARS composes", "[rule]") {
  support::composes(MARS{.weight_decay = 0.1});
  support::composes(gradus::Chain{gradus::ClipValue{0.01}, MARS{}});
  support::composes(gradus::vary<&MARS::gamma>(MARS{}, gradus::Constant<>{0.01}));
}
