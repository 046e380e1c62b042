#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/hypergradient.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/composes.hpp"
#include "support/rule_conformance.hpp"

using gradus::Adam;
using gradus::Chain;
using gradus::Hypergradient;
using gradus::SGD;

namespace {

constexpr std::size_t n = 7;

// The formulas on n doubles: the steps of SGD or Adam at rate 1, and the factor that follows them.
struct Plain {
  Hypergradient with;
  bool adam;
  std::vector<double> p, m = std::vector<double>(n), v = m, last = m;
  double factor = with.start;

  void step(double t, const std::vector<double>& g, double rate) {
    double along = 0, gg = 0, ss = 0;
    for (std::size_t i = 0; i < n; ++i)
      along += g[i] * last[i], gg += g[i] * g[i], ss += last[i] * last[i];
    if (!with.relative) factor += with.beta * along;
    if (with.relative && ss > 0) factor *= 1 + with.beta * along / std::sqrt(gg * ss);
    factor = std::max(factor, with.floor);
    for (std::size_t i = 0; i < n; ++i) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      const double root = std::sqrt(v[i] / (1 - std::pow(0.999, t + 1))) + 1e-8;
      last[i] = rate * (adam ? m[i] / (1 - std::pow(0.9, t + 1)) / root : g[i]);
      p[i] -= factor * last[i];
    }
  }
};

template <class R>
void follows(const R& inner, bool adam, const Hypergradient& with) {
  const Chain rule{inner, with};
  const std::vector<double> start = support::numbers<double>(n, 1);
  support::Run<decltype(rule), double> run(rule, start);
  Plain plain{with, adam, start};
  for (gradus::step_t t = 0; t < 60; ++t) {
    std::vector<double> g(n);  // of a quadratic, so that the factor has something to find
    for (std::size_t i = 0; i < n; ++i) g[i] = (1 + 0.3 * static_cast<double>(i)) * plain.p[i];
    const double rate = t < 30 ? 1 : 0.5;
    run.step(rule, {t, rate}, g);
    plain.step(static_cast<double>(t), g, rate);
    CAPTURE(t);
    CHECK(run.scalars.whole[0] == Approx(plain.factor).epsilon(1e-9));
    for (std::size_t i = 0; i < n; ++i) CHECK(run.p[i] == Approx(plain.p[i]).margin(1e-9));
  }
  CHECK(plain.factor != with.start);
}

}  // namespace

TEMPLATE_TEST_CASE("Hypergradient conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{SGD{}, Hypergradient{}}; }, {.local = false});
  support::conforms<TestType>(
      [] { return Chain{Adam{}, Hypergradient{.beta = 0.1, .relative = true}}; }, {.local = false});
}

TEST_CASE("SGD-HD and Adam-HD follow their formulas", "[rule][stage]") {
  follows(SGD{}, false, {.beta = 1e-2, .start = 0.01});
  follows(SGD{}, false, {.beta = 0.3, .relative = true, .start = 0.01});
  follows(SGD{}, false, {.beta = 0.05, .start = 0.5, .floor = 0.4});
  follows(Adam{}, true, {.beta = 1e-3, .start = 0.01});
  follows(Adam{}, true, {.beta = 0.02, .relative = true, .start = 0.01});
}

TEST_CASE("A rate that is far too small, or too large, is mended", "[rule][stage]") {
  const auto loss_after = [](const auto& rule) {
    std::vector<double> p(10, 1.0), g(10);
    gradus::Optimizer opt{gradus::Constant{1.0}, rule, p};
    double loss = 0;
    for (int t = 0; t < 200; ++t) {
      loss = 0;
      for (std::size_t i = 0; i < 10; ++i) {
        const double curvature = 0.1 * static_cast<double>(i + 1);
        g[i] = curvature * p[i], loss += 0.5 * curvature * p[i] * p[i];
      }
      opt.step(p, g);
    }
    return loss;
  };
  const auto at = [](double start) {
    return Chain{SGD{}, Hypergradient{.beta = 0.1, .relative = true, .start = start}};
  };
  const auto fixed = [](double start) {
    return Chain{SGD{}, Hypergradient{.beta = 0, .start = start}};
  };
  CHECK(loss_after(fixed(1e-3)) > 1);
  CHECK(loss_after(at(1e-3)) < 1e-2);
  CHECK(loss_after(fixed(2.1)) > 1e3);
  CHECK(loss_after(at(2.1)) < 1e-2);
}

TEST_CASE("A gradient of NaN leaves the factor alone", "[rule][stage]") {
  const Chain rule{SGD{}, Hypergradient{.start = 0.125}};
  support::Run<decltype(rule), double> run(rule, {1, 2});
  run.step(rule, {0, 1}, std::vector<double>{1, -1});
  CHECK(run.scalars.whole[0] == 0.125);
  run.step(rule, {1, 1}, std::vector<double>{support::nan<double>(), -1});
  CHECK(run.scalars.whole[0] == 0.125);
  CHECK(run.p[1] == 2.25);
}

TEST_CASE("Hypergradient names the field that is wrong", "[rule][stage]") {
  const auto says = [](const Hypergradient& h, const char* sentence) {
    CHECK_THROWS_WITH(gradus::refuse_if(Chain{SGD{}, h}.check()), sentence);
  };
  says({.beta = -1}, "gradus::Hypergradient.beta must be finite and >= 0 (got -1)");
  says({.beta = 1, .relative = true},
       "gradus::Hypergradient.beta must be < 1 where it is relative (got 1)");
  says({.start = 0}, "gradus::Hypergradient.start must be finite and > 0 (got 0)");
  says({.floor = 2}, "gradus::Hypergradient.floor must be <= start (got 2)");
}

TEST_CASE("Hypergradient composes", "[rule][stage]") {
  support::composes(Chain{Adam{}, Hypergradient{}});
}
