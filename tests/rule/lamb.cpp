#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/stage/clip_value.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::LAMB;

const support::Registered registered_lamb{LAMB{}};

TEMPLATE_TEST_CASE("LAMB conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return LAMB{}; }, {.decays = true, .local = false});
}

TEST_CASE("LAMB follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "lamb", LAMB{}, 1e-2, 1e-14);
}

TEMPLATE_TEST_CASE("LAMB names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("LAMB.beta1", [](double x) { return LAMB{.beta1 = x}; });
  support::checks_beta<T>("LAMB.beta2", [](double x) { return LAMB{.beta2 = x}; });
  support::checks_positive<T>("LAMB.eps", [](double x) { return LAMB{.eps = x}; });
  support::checks_not_negative<T>("LAMB.weight_decay",
                                  [](double x) { return LAMB{.weight_decay = x}; });
  support::checks_limit<T>("LAMB.max_trust", [](double x) { return LAMB{.max_trust = x}; });
}

namespace {

using Layers = std::vector<std::vector<double>>;
using Wide = long double;
Wide wide(double x) { return static_cast<Wide>(x); }

// The paper's formula, one layer, in long double. `clip`: gradients are clipped to this first.
struct Plain {
  std::vector<Wide> p, m, v;
  explicit Plain(const std::vector<double>& params)
      : p(params.begin(), params.end()), m(p.size()), v(p.size()) {}

  void step(const LAMB& rule, int n, Wide rate, const std::vector<double>& grads, double clip) {
    const Wide b1 = wide(rule.beta1), b2 = wide(rule.beta2);
    const Wide eps = wide(rule.eps), decay = wide(rule.weight_decay);
    std::vector<Wide> u(p.size());
    Wide pp = 0, uu = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const Wide g = wide(std::min(clip, std::max(-clip, grads[i])));
      m[i] = b1 * m[i] + (1 - b1) * g;
      v[i] = b2 * v[i] + (1 - b2) * g * g;
      u[i] = m[i] / (1 - std::pow(b1, n)) / (std::sqrt(v[i] / (1 - std::pow(b2, n))) + eps) +
             decay * p[i];
      pp += p[i] * p[i], uu += u[i] * u[i];
    }
    const Wide trust = pp > 0 && uu > 0 ? std::sqrt(pp / uu) : 1;
    for (std::size_t i = 0; i < p.size(); ++i) p[i] -= rate * trust * u[i];
  }
};

// `rule` over several layers, and each layer by the formula alone.
template <class R>
void follows_formula_in_each_layer(const R& rule, const LAMB& lamb, double clip) {
  Layers params{support::numbers<double>(100, 1),
                {},
                support::numbers<double>(7, 2),
                support::numbers<double>(1500, 3),
                std::vector<double>(5, 0.0)};
  std::vector<Plain> plain(params.begin(), params.end());
  gradus::Optimizer opt{gradus::Constant<>{1e-2}, rule, params};
  std::uint64_t seed = 100;
  for (int n = 1; n <= 20; ++n) {
    Layers grads;
    for (std::size_t j = 0; j < params.size(); ++j)
      grads.push_back(support::numbers<double>(params[j].size(), seed++));
    opt.step(params, grads);
    for (std::size_t j = 0; j < params.size(); ++j)
      plain[j].step(lamb, n, wide(1e-2), grads[j], clip);
  }
  for (std::size_t j = 0; j < params.size(); ++j)
    for (std::size_t i = 0; i < params[j].size(); ++i) {
      CAPTURE(j, i);
      CHECK(std::fabs(static_cast<double>(plain[j].p[i]) - params[j][i]) <= 1e-14);
    }
}

}  // namespace

TEST_CASE("LAMB takes the norms of each span by itself", "[rule]") {
  follows_formula_in_each_layer(LAMB{}, LAMB{}, 1e300);
}

TEST_CASE("LAMB in a chain takes the norms of what the stages before it leave", "[rule]") {
  follows_formula_in_each_layer(gradus::Chain{gradus::ClipValue{0.01}, LAMB{}}, LAMB{}, 0.01);
}

TEST_CASE("LAMB over two layers is not LAMB over one", "[rule]") {
  const std::vector<float> start = support::numbers<float>(64, 1),
                           g = support::numbers<float>(64, 2);
  std::vector<float> one = start, two = start;
  const auto layers = [](auto& x) {
    return std::vector{std::span(x).first(5), std::span(x).subspan(5)};
  };
  gradus::Optimizer whole{gradus::Constant<>{0.1}, LAMB{}, one};
  gradus::Optimizer split{gradus::Constant<>{0.1}, LAMB{}, layers(two)};
  whole.step(one, g);
  split.step(layers(two), layers(g));
  CHECK_FALSE(support::same_bits(one, two));
  CHECK(support::same_bits<float>(whole.slot("m"), split.slot("m")));
}

TEMPLATE_TEST_CASE("LAMB trusts a layer without a norm as it is", "[rule]", float, double) {
  using T = TestType;
  const LAMB rule{.weight_decay = 0};
  SECTION("parameters of zero") {
    support::Run<LAMB, T> run(rule, {T{0}, T{0}});
    run.step(rule, {0, 0.5}, std::vector<T>{T{1}, T{-1}});
    CHECK(run.p[0] == Approx(-0.5));
    CHECK(run.p[1] == Approx(0.5));
  }
  SECTION("a step of zero") { support::keeps_still<T>(rule); }
  SECTION("a NaN somewhere") {
    support::Run<LAMB, T> run(rule, {T{4}, T{3}});
    run.step(rule, {0, 0.5}, std::vector<T>{T{1}, support::nan<T>()});
    CHECK(run.p[0] == Approx(3.5));
    CHECK(gradus::math::is_nan(run.p[1]));
  }
}

TEMPLATE_TEST_CASE("LAMB keeps finite what the formula keeps finite", "[rule]", float, double) {
  using T = TestType;
  const LAMB rule{.weight_decay = 0};
  const T large = static_cast<T>(sizeof(T) == 4 ? 1e20 : 1e200);
  SECTION("large parameters") {
    support::Run<LAMB, T> run(rule, {large, T{0}});
    run.step(rule, {0, 0.5}, std::vector<T>{T{1}, T{0}});
    CHECK(run.p[0] / large == Approx(0.5));
    CHECK(run.p[1] == 0);
  }
  SECTION("a gradient that is almost nothing beside parameters that are not") {
    const T tiny = static_cast<T>(sizeof(T) == 4 ? 1e-44 : 1e-320);
    support::Run<LAMB, T> run(rule, {large, T{0}});
    run.step(rule, {0, 0.5}, std::vector<T>{tiny, T{0}});
    CHECK(gradus::math::is_finite(run.p[0]));
    CHECK(run.p[1] == 0);
  }
}

TEST_CASE("LAMB trusts no layer more than it is told to", "[rule]") {
  const auto first_step = [](const LAMB& rule) {
    support::Run<LAMB, double> run(rule, {3, -4});
    run.step(rule, {0, 0.5}, std::vector{1.0, 1.0});  // a step of almost {1, 1}
    return 3 - run.p[0];
  };
  const double trust = 5 / std::sqrt(2.0);
  CHECK(first_step({.weight_decay = 0}) == Approx(0.5 * trust));
  CHECK(first_step({.weight_decay = 0, .max_trust = 4}) == Approx(0.5 * trust));
  CHECK(first_step({.weight_decay = 0, .max_trust = 1}) == Approx(0.5));
  CHECK(first_step({.weight_decay = 0, .only_decayed = true}) == Approx(0.5));
  CHECK(first_step({.weight_decay = 1e-6, .only_decayed = true}) ==
        Approx(0.5 * trust).epsilon(1e-5));
}
