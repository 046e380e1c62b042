#include <gradus/tune/range_test.hpp>

#include <gradus/plot/svg.hpp>
#include <gradus/plot/terminal.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/cosine.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::RangeCurve;
using gradus::RangeTest;

namespace {

// A quadratic: writes its gradients to g, and returns its loss.
double quadratic(const std::vector<float>& p, std::vector<float>& g) {
  double loss = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    g[i] = 2 * p[i];
    loss += static_cast<double>(p[i]) * static_cast<double>(p[i]);
  }
  return loss;
}

// Parameters, and an optimizer that has made some steps.
struct Run {
  std::vector<float> p = support::numbers<float>(203, 1), g = std::vector<float>(203);
  gradus::Optimizer<gradus::Cosine<>, gradus::AdamW> opt{
      gradus::Cosine<>{.start = 0.01, .steps = 100}, gradus::AdamW{}, p};
  Run() {
    for (int t = 0; t < 7; ++t) step();
  }
  void step() {
    quadratic(p, g);
    opt.step(p, g);
  }
  void same_as(Run& o) {
    CHECK(support::same_bits(p, o.p));
    CHECK(opt.steps() == o.opt.steps());
    for (const std::size_t j : {0U, 1U})
      CHECK(support::same_bits<float>(opt.slot(j), o.opt.slot(j)));
  }
};

}  // namespace

TEST_CASE("A range test changes no bit", "[tune]") {
  Run a, b;
  std::vector<float> g(203);
  const auto trained = [&](auto& tried, double rate) {
    const double loss = quadratic(a.p, g);
    tried.step(a.p, g, {.factor = rate});
    return loss;
  };
  const RangeCurve r = RangeTest{}(a.opt, a.p, trained);
  CHECK((r.diverged && r.rates.size() > 60));
  a.same_as(b);
  // Also with steps on the optimizer itself.
  RangeTest{.steps = 20}(a.opt, a.p, [&](double rate) {
    const double loss = quadratic(a.p, g);
    a.opt.step(a.p, g, {.factor = rate / a.opt.rate()});
    return loss;
  });
  a.same_as(b);
  a.step(), b.step();
  a.same_as(b);
}

TEST_CASE("A callback that throws: everything is restored, the error passed on", "[tune]") {
  Run a, b;
  std::vector<float> g(203);
  int calls = 0;
  const auto step = [&](auto& tried, double rate) {
    const double loss = quadratic(a.p, g);
    tried.step(a.p, g, {.factor = rate});
    if (++calls == 5) throw std::runtime_error("no more data");
    return loss;
  };
  CHECK_THROWS_WITH((RangeTest{.start = 0.1}(a.opt, a.p, step)), "no more data");
  CHECK(calls == 5);
  a.same_as(b);
  const auto resets = [&](double) -> double {
    a.p[0] = 100, a.opt.seek(3), a.opt.slot(1)[5] = 7;
    throw 1;
  };
  CHECK_THROWS_AS(RangeTest{}(a.opt, a.p, resets), int);
  a.same_as(b);
}

TEST_CASE("Rates rise in equal ratios, and losses are smoothed", "[tune]") {
  std::vector<double> rates;
  const RangeCurve r =
      RangeTest{.start = 1, .end = 16, .steps = 4, .smoothing = 0.5}([&](double rate) {
        rates.push_back(rate);
        return 8 / rate;
      });
  REQUIRE(rates.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(rates[i] == Approx(1 << i));
    CHECK(r.losses[i] == 8 / rates[i]);
  }
  CHECK((r.rates == rates && !r.diverged));
  CHECK(r.smoothed[0] == 8);
  CHECK(r.smoothed[1] == Approx((0.25 * 8 + 0.5 * 4) / 0.75));
  CHECK(r.smoothed[3] == Approx((8 / 16.0 + 4 / 8.0 + 2 / 4.0 + 1 / 2.0) / (15 / 16.0)));
  const RangeCurve linear = RangeTest{
      .start = 1, .end = 5, .steps = 4, .curve = gradus::Curve::linear}([](double) { return 1; });
  CHECK(linear.rates == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("A range test stops where the loss diverges, whatever its sign", "[tune]") {
  const auto run = [](std::vector<double> losses, std::size_t steps = 9) {
    std::size_t i = 0;
    return RangeTest{.steps = steps, .smoothing = 0}(
               [&](double) { return i < losses.size() ? losses[i++] : losses.back(); })
        .losses.size();
  };
  CHECK(run({2, 1, 4, 4.5, 1}) == 4);  // beyond 4 * 1
  CHECK(run({-1, -2, -1, 3.9}) == 9);
  CHECK(run({-1, -2, -1, 4.1}) == 4);  // beyond -2 + 3 * 2
  CHECK(run({1, 2, std::numeric_limits<double>::quiet_NaN()}) == 2);
  CHECK(run({std::numeric_limits<double>::infinity()}) == 0);
  // Of 30 steps the first three do not count for the best loss, and do not stop the test.
  CHECK(run({0.1, 9, 0.2, 5, 4, 16, 17}, 30) == 7);
  CHECK(run({std::numeric_limits<double>::quiet_NaN()}, 30) == 0);
}

TEST_CASE("The suggestions are fastai's", "[tune]") {
  RangeCurve r;
  for (int i = 0; i < 100; ++i) {
    r.rates.push_back(std::pow(10.0, -7 + 8 * i / 100.0));
    const double x = (i - 50) / 10.0, bump = 0.01 * (i % 7);
    r.smoothed.push_back(2 - 1.5 / (1 + std::exp(-x)) + std::exp((i - 90) / 4.0) + bump);
  }
  r.losses = std::vector<double>(100, 1.0);
  r.skipped = 10;
  CHECK(r.steepest() == r.rates[48]);
  CHECK((r.minimum() == r.rates[77] && r.minimum_tenth() == r.rates[77] / 10));
  CHECK(r.valley() == r.rates[50]);
  CHECK(r.slide() == r.rates[45]);
  const gradus::io::Chart chart = r.chart();
  REQUIRE(chart.panels.size() == 1);
  CHECK(chart.panels[0].series.size() == 6);
  CHECK(gradus::io::svg(chart).find("valley") != std::string::npos);
  CHECK(gradus::io::terminal(chart).find("minimum / 10") != std::string::npos);
}

TEST_CASE("Suggestions of few losses", "[tune]") {
  for (std::size_t n = 0; n < 40; ++n) {
    RangeCurve r;
    for (std::size_t i = 0; i < n; ++i) {
      r.rates.push_back(std::pow(2.0, static_cast<double>(i)));
      r.losses.push_back(static_cast<double>(i * 5 % 7)), r.smoothed = r.losses;
    }
    for (const double rate : {r.steepest(), r.valley(), r.slide(), 10 * r.minimum_tenth()})
      CHECK((n < 2 ? std::isnan(rate) : rate >= 1 && rate <= r.rates.back()));
    gradus::io::svg(r.chart());
    const RangeCurve::Mark mark{"mine", 0.5};  // of a rate where there may be no curve
    CHECK(r.chart("", {&mark, 1}).panels[0].series.size() == (n == 0 ? 1 : 2));
  }
}

TEST_CASE("A range test refuses bad fields before the first step", "[tune]") {
  const auto says = [](const RangeTest& r, const char* sentence) {
    int calls = 0;
    CHECK_THROWS_WITH(r([&](double) { return ++calls; }), sentence);
    CHECK(calls == 0);
  };
  says({.start = 0}, "gradus::RangeTest.start must be finite and > 0 (got 0)");
  says({.end = -1}, "gradus::RangeTest.end must be finite and > 0 (got -1)");
  says({.start = 1, .end = 0.1}, "gradus::RangeTest.end must be > start (got 0.1)");
  says({.steps = 0}, "gradus::RangeTest.steps must be > 0 (got 0)");
  says({.smoothing = 1}, "gradus::RangeTest.smoothing must be in [0, 1) (got 1)");
  says({.divergence = 1}, "gradus::RangeTest.divergence must be > 1 (got 1)");
}
