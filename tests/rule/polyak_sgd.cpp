#include <gradus/groups.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/polyak_sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/velocity.hpp>
#include <gradus/schedule/constant.hpp>

#include <string>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::PolyakSGD;

const support::Registered registered_polyak_sgd{PolyakSGD{}};

TEMPLATE_TEST_CASE("PolyakSGD conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return PolyakSGD{}; }, {.local = false});
}

TEST_CASE("PolyakSGD follows its formula", "[rule][reference]") {
  const PolyakSGD rule{.f_min = 0.25, .max_rate = 8};
  support::close_to<double>(support::formulas, "polyak_sgd", rule, 1, 1e-14);
}

TEST_CASE("PolyakSGD finds its rate where it is told how low the loss can be", "[rule]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double scale : {1e-3, 1.0, 1e3}) {
    CAPTURE(scale);
    const PolyakSGD rule{.max_rate = infinity};
    CHECK(support::left_over(support::Quadratic{scale}, 0.0, rule, 500) < 0.01);
  }
  const support::Logistic logistic;
  const double lowest = support::least(logistic, 0.5);
  const PolyakSGD rule{.f_min = lowest, .max_rate = infinity};
  CHECK(support::left_over(logistic, lowest, rule, 500) < 0.01);
}

TEST_CASE("PolyakSGD names the field that is wrong", "[rule]") {
  support::checks_limit<double>("PolyakSGD.max_rate",
                                [](double x) { return PolyakSGD{.max_rate = x}; });
  for (const double& x : {support::nan<double>(), support::infinity<double>()})
    support::refuses<double>(PolyakSGD{.f_min = x},
                             support::sentence("PolyakSGD.f_min", "must be finite", x));
  support::accepts<double>(PolyakSGD{.f_min = -3});
}

TEST_CASE("PolyakSGD goes as far as a line to the lowest loss would", "[rule]") {
  const PolyakSGD rule{.f_min = 0.5};
  const auto moved = [&](const PolyakSGD& r, double loss, double rate, double g0, double g1) {
    support::Run<PolyakSGD, double> run(r, {0, 0});
    run.step(r, {0, rate, loss}, std::vector<double>{g0, g1});
    return -run.p[1];
  };
  CHECK(moved(rule, 10.5, 1, 3, 4) == Approx(10.0 / 25 * 4));   // to where the line is at 0.5
  CHECK(moved(rule, 10.5, 0.5, 3, 4) == Approx(5.0 / 25 * 4));  // half of that
  CHECK(moved(rule, 100.5, 1, 3, 4) == 4);                      // capped: 100 / 25 > 1
  CHECK(moved(rule, 0.5, 1, 3, 4) == 0);
  CHECK(moved(rule, 0.25, 1, 3, 4) == 0);
  CHECK(moved(rule, 10.5, 1, 0, 0) == 0);
  CHECK(moved({.f_min = -1, .max_rate = 1e300}, 1e300, 1, 0, 1e-300) == Approx(1));
  CHECK(moved({.max_rate = support::infinity<double>()}, 1e300, 0, 0, 1e-300) == 0);
}

TEST_CASE("A step of PolyakSGD without a loss is refused, and changes nothing", "[rule]") {
  std::vector<float> p{1, 2};
  const std::vector<float> g{1, 1};
  const auto refused = [&](auto rule, const gradus::StepOptions& options, const char* got) {
    gradus::Optimizer opt{gradus::Constant<>{1.0}, rule, p};
    CHECK(support::words_of([&] { opt.step(p, g, options); }) ==
          std::string("gradus::StepOptions.loss must be given, and finite: the rule uses it ") +
              got);
    CHECK(opt.steps() == 0);
    CHECK(p == std::vector<float>{1, 2});
  };
  refused(PolyakSGD{}, {}, "(got nan)");
  refused(PolyakSGD{}, {.loss = support::infinity<double>()}, "(got inf)");
  refused(gradus::Chain{gradus::ClipNorm{1}, PolyakSGD{}, gradus::Velocity{0.9}}, {}, "(got nan)");
  refused(gradus::vary<&PolyakSGD::max_rate>(PolyakSGD{}, gradus::Constant<>{1.0}), {},
          "(got nan)");
  refused(gradus::Master{PolyakSGD{}}, {}, "(got nan)");
  CHECK(support::words_of([&] { gradus::update(PolyakSGD{}, gradus::Context{0, 1}, p, g); }) ==
        "gradus::update.loss must be given, and finite: the rule uses it (got nan)");
}

TEST_CASE("Groups hand the loss to PolyakSGD", "[rule]") {
  std::vector<float> a{1}, b{1};
  const std::vector<float> of_a{2}, of_b{4};
  gradus::Groups groups{gradus::Optimizer{gradus::Constant<>{1.0}, PolyakSGD{}, a},
                        gradus::Optimizer{gradus::Constant<>{1.0}, PolyakSGD{}, b}};
  CHECK_THROWS_AS(groups.step(std::tie(a, b), std::tie(of_a, of_b)), gradus::Error);
  groups.step(std::tie(a, b), std::tie(of_a, of_b), {.loss = 1});
  CHECK(a[0] == 0.5F);
  CHECK(b[0] == 0.75F);
}

TEST_CASE("PolyakSGD's sums are the same however they come about", "[rule]") {
  support::sums_alike(PolyakSGD{.max_rate = 100});
}

TEST_CASE("PolyakSGD composes", "[rule]") {
  support::composes(PolyakSGD{});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, PolyakSGD{}});
  support::composes(gradus::vary<&PolyakSGD::max_rate>(PolyakSGD{}, gradus::Constant<>{0.5}));
}
