#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/novograd.hpp>
#include <gradus/rule/stage/clip_value.hpp>

#include "support/composes.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::NovoGrad;

const support::Registered registered_novograd{NovoGrad{}};

TEMPLATE_TEST_CASE("NovoGrad conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return NovoGrad{}; }, {.local = false});
  support::conforms<TestType>(
      [] { return NovoGrad{.weight_decay = 0.1, .grad_averaging = true, .init_zero = true}; },
      {.decays = true, .local = false});
}

TEST_CASE("NovoGrad follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "novograd", NovoGrad{.weight_decay = 1e-3}, 1e-2,
                            1e-14);
}

TEMPLATE_TEST_CASE("NovoGrad names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("NovoGrad.beta1", [](double x) { return NovoGrad{.beta1 = x}; });
  support::checks_beta<double>("NovoGrad.beta2", [](double x) { return NovoGrad{.beta2 = x}; });
  support::checks_positive<double>("NovoGrad.eps", [](double x) { return NovoGrad{.eps = x}; });
  support::checks_not_negative<T>("NovoGrad.weight_decay",
                                  [](double x) { return NovoGrad{.weight_decay = x}; });
}

TEST_CASE("NovoGrad keeps a mean of squared norms for each span", "[rule]") {
  std::vector<std::vector<double>> p{{0, 0}, {}, {0}}, g{{3, -4}, {}, {2}};
  const NovoGrad rule{.beta1 = 0, .beta2 = 0.75};
  gradus::Optimizer opt{gradus::Constant<>{0.5}, rule, p};
  opt.step(p, g);
  CHECK(p[0][0] == Approx(-0.5 * 0.6));
  CHECK(p[0][1] == Approx(0.5 * 0.8));
  CHECK(p[2][0] == Approx(-0.5));
  g[0] = {0, 0}, g[2] = {4};
  opt.step(p, g);
  const std::span<const double> v = opt.span_scalars();
  CHECK(std::vector<double>(v.begin(), v.end()) == std::vector<double>{18.75, 0, 7});
  CHECK(p[2][0] == Approx(-0.5 - 0.5 * 4 / std::sqrt(7.0)));
}

TEST_CASE("NovoGrad from zero averages from the first step on", "[rule]") {
  const NovoGrad rule{.beta1 = 0.5, .beta2 = 0.75, .grad_averaging = true, .init_zero = true};
  support::Run<NovoGrad, double> run(rule, {0});
  run.step(rule, {0, 1}, std::vector{3.0});
  CHECK(run.scalars.span[0] == 0.25 * 9);
  CHECK(run.p[0] == Approx(-0.5 * 3 / 1.5));
}

TEMPLATE_TEST_CASE("NovoGrad keeps finite what the formula keeps finite", "[rule]", float, double) {
  using T = TestType;
  const NovoGrad rule;
  const T large = std::numeric_limits<T>::max() / 4, tiny = std::numeric_limits<T>::denorm_min();
  for (const T g : {large, tiny, T{0}}) {
    support::Run<NovoGrad, T> run(rule, {T{1}, T{2}});
    for (gradus::step_t t = 0; t < 3; ++t) run.step(rule, {t, 0.5}, std::vector<T>{g, -g});
    CHECK(gradus::math::is_finite(run.p[0]));
    CHECK(gradus::math::is_finite(run.scalars.span[0]));
  }
}

TEST_CASE("NovoGrad composes", "[rule]") {
  support::composes(NovoGrad{.weight_decay = 0.1});
  support::is_stored(NovoGrad{.weight_decay = 0.1});
  support::composes(gradus::Chain{gradus::ClipValue{0.01}, NovoGrad{}});
  support::composes(gradus::vary<&NovoGrad::weight_decay>(NovoGrad{}, gradus::Constant<>{0.01}));
}
