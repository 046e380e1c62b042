#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/dadapt_sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

#include <algorithm>
#include <cmath>

using gradus::DAdaptSGD;

const support::Registered registered_dadapt_sgd{DAdaptSGD{}};

TEMPLATE_TEST_CASE("DAdaptSGD conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return DAdaptSGD{}; }, {.local = false});
  support::conforms<TestType>([] { return DAdaptSGD{.momentum = 0, .growth_rate = 1.1}; },
                              {.local = false});
}

TEST_CASE("DAdaptSGD follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "dadapt_sgd", DAdaptSGD{.momentum = 0}, 1, 1e-14);
  support::close_to<double>(support::formulas, "dadapt_sgd_momentum", DAdaptSGD{}, 1, 1e-14);
}

TEST_CASE("DAdaptSGD finds its rate", "[rule]") { support::finds_its_rate(DAdaptSGD{}, 500); }

TEMPLATE_TEST_CASE("DAdaptSGD names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  using R = DAdaptSGD;
  support::checks_beta<T>("DAdaptSGD.momentum", [](double x) { return R{.momentum = x}; });
  support::checks_positive<T>("DAdaptSGD.d0", [](double x) { return R{.d0 = x}; });
  for (const double& x : {0.99, -1.0, support::nan<double>()})
    support::refuses<T>(R{.growth_rate = x},
                        support::sentence("DAdaptSGD.growth_rate", "must be >= 1", x));
}

TEST_CASE("DAdaptSGD divides by the first gradients that are not all 0", "[rule]") {
  const DAdaptSGD rule{.momentum = 0, .d0 = 0.5};
  support::Run<DAdaptSGD, double> run(rule, {1, 2});
  run.step(rule, {0, 1}, std::vector<double>{0, 0});
  CHECK(run.scalars.whole[2] == 0);
  run.step(rule, {1, 1}, std::vector<double>{3, 4});
  CHECK(run.scalars.whole[2] == 5);
  CHECK(run.p[0] == Approx(1 - 0.5 * 0.6));
  CHECK(run.p[1] == Approx(2 - 0.5 * 0.8));
  run.step(rule, {2, 1}, std::vector<double>{6, 8});
  CHECK(run.scalars.whole[2] == 5);
}

TEST_CASE("DAdaptSGD bears steps up to 2 (1 + momentum) / (1 - momentum) / curvature", "[rule]") {
  // A curvature of 1 beside one of `small`, with the way to go along the small one: the norm of the
  // first gradients is about small * distance, and d goes to the distance, so that the step goes to
  // 1 / small.
  const auto left = [](double momentum, double small, double rate = 1) {
    const DAdaptSGD rule{.momentum = momentum};
    std::vector<double> p{0, 0};
    gradus::Optimizer opt{gradus::Constant{rate}, rule, p};
    for (int t = 0; t < 2000 && std::fabs(p[0]) < 1e6; ++t)
      opt.step(p, std::vector<double>{p[0] - 0.01, small * (p[1] - 1)});
    return std::max(std::fabs(p[0] - 0.01), std::fabs(p[1] - 1));
  };
  CHECK(left(0, 1.0 / 1.5) < 1e-6);
  CHECK(left(0, 1.0 / 3) > 1);
  CHECK(left(0, 1.0 / 3, 0.5) < 1e-6);
  CHECK(left(0.5, 1.0 / 3) < 1e-6);
  CHECK(left(0.9, 1.0 / 10) < 1e-6);
  CHECK(left(0.9, 1.0 / 100) > 1);
}

TEST_CASE("DAdaptSGD's sums are the same however they come about", "[rule]") {
  support::sums_alike(DAdaptSGD{});
}

TEST_CASE("DAdaptSGD composes", "[rule]") {
  support::composes(DAdaptSGD{});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, DAdaptSGD{}});
  support::composes(gradus::vary<&DAdaptSGD::momentum>(DAdaptSGD{}, gradus::Constant<>{0.5}));
}
