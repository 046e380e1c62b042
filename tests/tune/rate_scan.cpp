#include <gradus/tune/rate_scan.hpp>

#include <gradus/rule/adamw.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/cosine.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::RangeCurve;
using gradus::RateScan;

namespace {
// The mean of p^2, which is (1 - 2 rate)^(2 t) of its first value after t steps.
double quadratic(const std::vector<double>& p, std::vector<double>& g) {
  double loss = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    g[i] = 2 * p[i];
    loss += p[i] * p[i] / static_cast<double>(p.size());
  }
  return loss;
}
}  // namespace

TEST_CASE("Every rate of a scan starts from the same place", "[tune]") {
  std::vector<double> p(5, 1.0), g(5);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
  const RangeCurve r = RateScan{.start = 0.01, .end = 10, .rates = 30, .steps = 5}(
      opt, p, [&](auto& tried, double rate) {
        const double loss = quadratic(p, g);
        tried.step(p, g, {.factor = rate});
        return loss;
      });
  REQUIRE(r.rates.size() > 20);
  for (std::size_t i = 0; i < r.rates.size(); ++i) {
    CHECK(r.rates[i] == Approx(0.01 * std::pow(1000, static_cast<double>(i) / 30)));
    const double q = 1 - 2 * r.rates[i];  // of five losses the last two
    CHECK(r.losses[i] == Approx((std::pow(q, 6) + std::pow(q, 8)) / 2));
  }
  CHECK((r.diverged && r.rates.back() > 1 && r.rates[r.rates.size() - 2] < 1.3));
  CHECK((r.minimum() > 0.4 && r.minimum() < 0.6));
  CHECK((p == std::vector<double>(5, 1.0) && opt.steps() == 0));
}

TEST_CASE("A scan changes no bit, also where the callback throws", "[tune]") {
  std::vector<float> p = support::numbers<float>(203, 1), q = p;
  const std::vector<float> g = support::numbers<float>(203, 2);
  gradus::Optimizer opt{gradus::Cosine{.start = 0.1, .steps = 9}, gradus::AdamW{}, p}, other = opt;
  opt.step(p, g), other.step(q, g);
  int calls = 0;
  const auto step = [&](auto& tried, double rate) {
    tried.step(p, g, {.factor = rate});
    if (++calls == 100) throw std::runtime_error("no more data");
    return std::fabs(p[3]);
  };
  const auto same = [&] {
    CHECK((support::same_bits(p, q) && opt.steps() == 1));
    for (const std::size_t j : {0U, 1U})
      CHECK(support::same_bits<float>(opt.slot(j), other.slot(j)));
  };
  RateScan{.rates = 4, .steps = 3}(opt, p, step);
  CHECK(calls == 12);
  same();
  CHECK_THROWS_WITH(RateScan{}(opt, p, step), "no more data");
  same();
}

TEST_CASE("A scan stops where the loss is no number", "[tune]") {
  std::vector<float> p(1);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
  int calls = 0;
  const auto until = [&](int n) {
    calls = 0;
    return RateScan{.steps = 2}(opt, p, [&](auto&, double) {
      return ++calls == n ? std::numeric_limits<double>::quiet_NaN() : 1.0;
    });
  };
  CHECK((until(6).losses.size() == 2 && until(6).diverged && calls == 6));
  CHECK((until(1).losses.empty() && std::isnan(until(1).minimum())));
  CHECK((until(0).losses.size() == 40 && !until(0).diverged));
  const RangeCurve level = until(0);
  CHECK(level.minimum() == level.rates[0]);
  const RangeCurve::Mark marks[] = {{"minimum", level.minimum()}};
  CHECK(level.chart("Rate scan", marks).panels[0].series.size() == 2);
}

TEST_CASE("A scan refuses bad fields before the first step", "[tune]") {
  const auto says = [](const RateScan& r, const char* sentence) {
    std::vector<float> p(1);
    gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
    int calls = 0;
    CHECK_THROWS_WITH(r(opt, p, [&](auto&, double) { return ++calls; }), sentence);
    CHECK(calls == 0);
  };
  says({.start = 0}, "gradus::RateScan.start must be finite and > 0 (got 0)");
  says({.start = 1, .end = 1}, "gradus::RateScan.end must be > start (got 1)");
  says({.rates = 0}, "gradus::RateScan.rates must be > 0 (got 0)");
  says({.steps = -1}, "gradus::RateScan.steps must be > 0 (got -1)");
  says({.divergence = std::numeric_limits<double>::quiet_NaN()},
       "gradus::RateScan.divergence must be > 1 (got nan)");
}
