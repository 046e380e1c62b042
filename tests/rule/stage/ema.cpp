#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

#include "support/composes.hpp"
#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::Ema;
using gradus::SGD;

TEMPLATE_TEST_CASE("Ema conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{SGD{}, Ema{0.9}}; });
}

TEMPLATE_TEST_CASE("Ema names the field that is wrong", "[rule][stage]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Ema.decay", [](double x) { return Chain{SGD{}, Ema{x}}; });
  support::checks_positive<double>("Ema.power",
                                   [](double x) { return Chain{SGD{}, Ema{.power = x}}; });
}

TEST_CASE("Ema starts as a copy of the parameters, span after span", "[rule][stage]") {
  std::vector<std::vector<float>> p{{1, 2}, {}, {3, 4, 5}};
  const gradus::Optimizer opt{gradus::Constant<>{0.1}, Chain{SGD{}, Ema{}}, p};
  const std::span<const float> average = opt.slot("Ema.average");
  CHECK(std::vector<float>(average.begin(), average.end()) == std::vector<float>{1, 2, 3, 4, 5});
}

TEST_CASE("Ema refuses a mere number of parameters", "[rule][stage]") {
  using Opt = gradus::Optimizer<gradus::Constant<>, Chain<SGD, Ema>>;
  CHECK_THROWS_WITH(
      Opt({0.1}, Chain{SGD{}, Ema{}}, 7),
      "gradus::Optimizer.params must be given, not only their number: a slot starts as a "
      "copy of them (got 7)");
}

TEST_CASE("Ema averages the parameters that the step leads to", "[rule][stage]") {
  const Chain rule{SGD{}, gradus::WeightDecay{0.5}, Ema{0.75}};
  support::Run<decltype(rule), double> run(rule, {8});
  double average = 8;
  for (gradus::step_t t = 0; t < 3; ++t) {
    run.step(rule, {t, 0.5}, std::vector{1.0});
    average = 0.75 * average + 0.25 * run.p[0];
    CHECK(run.slots[0][0] == Approx(average).epsilon(1e-15));
  }
}

namespace {

// The parameters after each step, and the average by `next(average, parameter, n)`, n from 1.
template <class Next>
void averages(const Ema& ema, long double start, const Next& next) {
  const Chain rule{SGD{}, ema};
  support::Run<decltype(rule), double> run(rule, {8});
  long double average = start;
  support::Random random;
  for (gradus::step_t t = 0; t < 200; ++t) {
    run.step(rule, {t, 0.5}, std::vector{random.number<double>()});
    average = next(average, static_cast<long double>(run.p[0]), static_cast<long double>(t + 1));
    CAPTURE(t);
    CHECK(std::fabs(static_cast<double>(average) - run.slots[0][0]) <= 1e-14);
  }
}

}  // namespace

TEST_CASE("Ema begins as it is told", "[rule][stage]") {
  using Real = long double;
  const double decay = 0.97;
  const Real d = static_cast<Real>(decay);
  averages({decay}, 8, [&](Real a, Real p, Real) { return d * a + (1 - d) * p; });
  averages({decay, Ema::Begin::first_step}, 8,
           [&](Real a, Real p, Real n) { return n == 1 ? p : d * a + (1 - d) * p; });
  averages({decay, Ema::Begin::warmup}, 8, [&](Real a, Real p, Real n) {
    const Real now = std::min(d, 1 - std::pow(n, -2.0L / 3));
    return now * a + (1 - now) * p;
  });
  Real plain = 0;  // starts at zero, and is corrected when it is read
  averages({decay, Ema::Begin::debiased}, 0, [&](Real, Real p, Real n) {
    plain = d * plain + (1 - d) * p;
    return plain / (1 - std::pow(d, n));
  });
}

TEST_CASE("Ema begins at the first step with exactly what that leads to", "[rule][stage]") {
  for (const Ema::Begin begin :
       {Ema::Begin::first_step, Ema::Begin::debiased, Ema::Begin::warmup}) {
    const Chain rule{SGD{}, Ema{0.9, begin}};
    support::Run<decltype(rule), float> run(rule, support::numbers<float>(20, 1));
    run.step(rule, {0, 0.3}, support::numbers<float>(20, 2));
    CHECK(run.slots[0] == run.p);
  }
}

TEST_CASE("Ema composes", "[rule][stage]") {
  support::composes(Chain{SGD{}, Ema{.begin = Ema::Begin::warmup}});
  support::is_stored(Chain{SGD{}, Ema{.begin = Ema::Begin::warmup}});
  support::composes(Chain{SGD{}, gradus::vary<&Ema::decay>(Ema{}, gradus::Constant<>{0.5})});
}
