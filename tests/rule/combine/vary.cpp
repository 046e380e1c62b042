#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/l2.hpp>
#include <gradus/schedule/constant.hpp>

#include <cmath>
#include <stdexcept>

#include "support/rule_conformance.hpp"

using gradus::AdamW;
using gradus::step_t;
using gradus::vary;

namespace {

struct Rising {
  double by = 0x1p-8;
  constexpr double operator()(step_t t) const { return by * static_cast<double>(t % 64 + 1); }
  constexpr bool operator==(const Rising&) const = default;
};
struct Throws {
  step_t at = 0;
  double operator()(step_t t) const {
    if (t == at) throw std::runtime_error("no value");
    return 0.5;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("Vary conforms", "[rule]", float, double) {
  support::conforms<TestType>(
      [] { return vary<&AdamW::weight_decay, &AdamW::beta1>(AdamW{}, Rising{}, Rising{}); },
      {.decays = true});
}

TEST_CASE("Vary conforms with scalars", "[rule]") {
  support::conforms<float>([] { return vary<&gradus::NAdam::beta1>(gradus::NAdam{}, Rising{}); });
}

TEMPLATE_TEST_CASE("Vary is at each step the rule with the current values", "[rule]", float,
                   double) {
  using T = TestType;
  const auto rule = vary<&AdamW::beta2, &AdamW::weight_decay>(AdamW{}, Rising{}, Rising{0.01});
  support::Run<std::decay_t<decltype(rule)>, T> varied(rule, support::numbers<T>(50, 1));
  support::Run<AdamW, T> plain(AdamW{}, varied.p);
  for (step_t t = 0; t < 100; ++t) {
    const std::vector<T> g = support::numbers<T>(50, 10 + t);
    varied.step(rule, {t, 1e-2}, g);
    plain.step(AdamW{.beta2 = Rising{}(t), .weight_decay = Rising{0.01}(t)}, {t, 1e-2}, g);
    CHECK(support::same_bits(varied.p, plain.p));
  }
}

TEST_CASE("A varied beta is corrected by 1 - (the current beta)^n", "[rule]") {
  const auto rule = vary<&gradus::Adam::beta1>(gradus::Adam{.beta2 = 0},
                                               [](step_t t) { return t < 3 ? 0.5 : 0.75; });
  support::Run<std::decay_t<decltype(rule)>, double> run(rule, {0});
  for (step_t t = 0; t < 4; ++t) {
    const double before = run.p[0];
    run.step(rule, {t, 1}, std::vector{1.0});
    const double beta = t < 3 ? 0.5 : 0.75, m = run.slots[0][0];
    CHECK(before - run.p[0] ==
          Approx(m / (1 - std::pow(beta, static_cast<double>(t) + 1))).epsilon(1e-7));
  }
}

TEST_CASE("Vary is checked at each step, before anything is touched", "[rule]") {
  std::vector<float> p{1, 2, 3}, g{1, 1, 1};
  const auto beta = [](step_t t) { return t == 2 ? 1.0 : 0.5; };
  gradus::Optimizer opt{gradus::Constant<>{0.1}, vary<&AdamW::beta1>(AdamW{}, beta), p};
  opt.step(p, g), opt.step(p, g);
  const std::vector<float> before = p, m(opt.slot("m").begin(), opt.slot("m").end());
  CHECK_THROWS_WITH(opt.step(p, g), "gradus::AdamW.beta1 must be in [0, 1) (got 1)");
  CHECK(support::same_bits(p, before));
  CHECK(support::same_bits<float>(opt.slot("m"), m));
  CHECK(opt.steps() == 2);
  opt.seek(3);
  CHECK(opt.step(p, g).applied);
}

TEST_CASE("Vary is checked at construction: the schedules, and the rule at step 0", "[rule]") {
  support::refuses<float>(vary<&AdamW::weight_decay>(AdamW{}, gradus::Constant<>{-1}),
                          "gradus::Constant.value must be finite and >= 0 (got -1)");
  support::refuses<float>(vary<&AdamW::beta1>(AdamW{}, gradus::Constant<>{1}),
                          "gradus::AdamW.beta1 must be in [0, 1) (got 1)");
  support::refuses<float>(vary<&AdamW::beta1>(AdamW{.eps = 0}, gradus::Constant<>{0.5}),
                          "gradus::AdamW.eps must be finite and > 0 (got 0)");
  support::refuses<float>(
      vary<&AdamW::weight_decay>(AdamW{}, [](step_t) { return support::nan<double>(); }),
      "gradus::AdamW.weight_decay must be finite and >= 0 (got nan)");
}

TEST_CASE("A schedule that throws inside Vary leaves everything as it was", "[rule]") {
  std::vector<float> p{1, 2, 3}, g{1, 1, 1};
  gradus::Optimizer opt{gradus::Constant<>{0.1}, vary<&AdamW::beta1>(AdamW{}, Throws{1}), p};
  opt.step(p, g);
  const std::vector<float> before = p;
  CHECK_THROWS_AS(opt.step(p, g), std::runtime_error);
  CHECK(support::same_bits(p, before));
  CHECK(opt.steps() == 1);
}

TEST_CASE("Stages in a chain vary too", "[rule]") {
  const auto limit = [](step_t t) { return t == 0 ? 1.0 : 10.0; };
  const auto l2 = [](step_t t) { return t == 0 ? 0.0 : 0.5; };
  const gradus::Chain rule{vary<&gradus::L2::weight_decay>(gradus::L2{}, l2),
                           vary<&gradus::ClipNorm::max_norm>(gradus::ClipNorm{}, limit),
                           gradus::SGD{}};
  std::vector<double> p{0, 0}, g{3, 4};
  gradus::Optimizer opt{gradus::Constant<>{1}, rule, p};
  opt.step(p, g);
  CHECK(p[0] == Approx(-0.6));
  opt.step(p, g);
  CHECK(p[0] == Approx(-0.6 - (3 - 0.3)));
}

TEST_CASE("Varied rules are values", "[rule]") {
  const auto rule = vary<&AdamW::weight_decay>(AdamW{}, Rising{});
  CHECK(rule == vary<&AdamW::weight_decay>(AdamW{}, Rising{}));
  CHECK_FALSE(rule == vary<&AdamW::weight_decay>(AdamW{}, Rising{1}));
  CHECK(rule.at(3) == AdamW{.weight_decay = Rising{}(3)});
}

namespace {
struct Own {  // a rule that varies by itself
  double a = 0, b = 0;
  constexpr Own at(gradus::step_t t) const { return {a, b + static_cast<double>(t)}; }
  template <gradus::Real T>
  constexpr gradus::SGD::Kernel<T> prepare(const gradus::Context&) const {
    return {static_cast<T>(a + b)};
  }
  constexpr bool operator==(const Own&) const = default;
};
}  // namespace

TEST_CASE("A varied rule that varies by itself does both", "[rule]") {
  CHECK(gradus::vary<&Own::a>(Own{}, gradus::Constant<>{3}).at(2) == Own{3, 2});
}
