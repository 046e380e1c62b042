#include <gradus/rule/asgd.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::ASGD;

const support::Registered registered_asgd{ASGD{}};

TEMPLATE_TEST_CASE("ASGD conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return ASGD{.t0 = 5}; }, {.decays = true});
  support::keeps_still<TestType>(ASGD{.lambda = 0});
}

TEST_CASE("ASGD is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("asgd", ASGD{}, 1e-2);
  const ASGD rule{.lambda = 0.1, .alpha = 0.6, .t0 = 20};
  support::same_as_pytorch("asgd_decay", gradus::Chain{gradus::L2{1e-2}, rule}, 0.1);
}

namespace {

// ASGD's average in place of its parameters.
template <class T>
void average_is_pytorch(const support::Draws& draws) {
  const ASGD rule{.lambda = 0.1, .alpha = 0.6, .t0 = 20};
  const support::Problem<T> problem(draws);
  support::Run<ASGD, T> run(rule, problem.params);
  const char* const type = std::same_as<T, float> ? "float" : "double";
  const std::vector<support::Line> lines = support::read_lines(draws);
  std::size_t reported = 0;
  for (gradus::step_t t = 0; t < support::reference_steps; ++t) {
    run.step(rule, {t, 0.1}, problem.grads[t]);
    for (const support::Line& line : lines)
      if (line.config == "asgd_average" && line.type == type && line.step == t + 1) {
        CAPTURE(draws.file, type, line.step);
        for (std::size_t i = 0; i < support::reference_count; ++i)
          CHECK(support::to_bits(run.slots[0][i]) == support::to_bits(static_cast<T>(line.p[i])));
        ++reported;
      }
  }
  CHECK(reported == support::reported_steps);
}

}  // namespace

TEST_CASE("ASGD's average is PyTorch's, bit for bit", "[rule][reference]") {
  for (const support::Draws& draws : {support::coarse, support::fine}) {
    average_is_pytorch<float>(draws);
    average_is_pytorch<double>(draws);
  }
}

TEMPLATE_TEST_CASE("ASGD names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_not_negative<T>("ASGD.lambda", [](double x) { return ASGD{.lambda = x}; });
  support::checks_not_negative<T>("ASGD.alpha", [](double x) { return ASGD{.alpha = x}; });
  support::refuses<T>(ASGD{.t0 = -3}, support::sentence("ASGD.t0", "must be >= 0", -3));
}

TEST_CASE("ASGD's average is a copy first, then the mean", "[rule]") {
  const ASGD rule{.lambda = 0, .t0 = 2};
  support::Run<ASGD, double> run(rule, {8});
  double sum = 0;
  for (gradus::step_t t = 0; t < 10; ++t) {
    run.step(rule, {t, 1}, std::vector{1.0});
    if (t <= 3) sum = 0;
    sum += run.p[0];
    CHECK(run.slots[0][0] == Approx(sum / static_cast<double>(t <= 3 ? 1 : t - 2)).epsilon(1e-15));
  }
}
