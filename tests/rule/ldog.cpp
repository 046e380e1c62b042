#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/ldog.hpp>
#include <gradus/rule/stage/clip_norm.hpp>

#include "support/composes.hpp"
#include "support/problems.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::LDoG;

const support::Registered registered_ldog{LDoG{}};

TEMPLATE_TEST_CASE("LDoG conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return LDoG{}; }, {.local = false});
}

TEST_CASE("LDoG is DoG on a single span, and follows its formula on two", "[rule][reference]") {
  support::close_to<double>(support::formulas, "dog", LDoG{}, 1, 1e-14);
  const support::Problem<double> problem(support::formulas);
  std::vector<double> p = problem.params;
  const auto halves = [](auto& v) {
    return std::vector{std::span(v).first(8), std::span(v).last(8)};
  };
  gradus::Optimizer opt{gradus::Constant<>{1.0}, LDoG{}, halves(p)};
  for (const std::vector<double>& g : problem.grads) opt.step(halves(p), halves(g));
  for (const support::Line& line : support::read_lines(support::formulas))
    if (line.config == "ldog" && line.step == support::reference_steps)
      for (std::size_t i = 0; i < p.size(); ++i) CHECK(std::fabs(p[i] - line.p[i]) <= 1e-14);
}

TEST_CASE("LDoG finds its rate", "[rule]") { support::finds_its_rate(LDoG{}, 1000); }

TEST_CASE("LDoG names the field that is wrong", "[rule]") {
  support::checks_positive<double>("LDoG.reps_rel", [](double x) { return LDoG{.reps_rel = x}; });
  support::checks_positive<double>("LDoG.eps", [](double x) { return LDoG{.eps = x}; });
}

TEST_CASE("LDoG composes", "[rule]") {
  support::composes(LDoG{});
  support::composes(gradus::Chain{gradus::ClipNorm{0.01}, LDoG{}});
  support::composes(gradus::vary<&LDoG::eps>(LDoG{}, gradus::Constant<>{1e-6}));
}
