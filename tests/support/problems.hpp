// Two small convex problems on which a rule shows that it finds its rate by itself.
#pragma once

#include <gradus/optimizer.hpp>
#include <gradus/schedule/constant.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace support {

/// Half the sum of curvature * (p - solution)^2, with curvatures from 1 down to 1 / 8, times
/// `scale`.
struct Quadratic {
  static constexpr std::size_t count = 8;
  double scale = 1;
  std::vector<double> solution = numbers<double>(count, 3);

  double loss(std::span<const double> p, std::span<double> g) const {
    double r = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double curvature = scale / static_cast<double>(i + 1), off = p[i] - solution[i];
      g[i] = curvature * off;
      r += 0.5 * curvature * off * off;
    }
    return r;
  }
};

/// Logistic regression of 64 points with labels that do not quite follow from them.
struct Logistic {
  static constexpr std::size_t count = 4, points = 64;
  std::vector<double> x = numbers<double>(count * points, 5), noise = numbers<double>(points, 6);

  double loss(std::span<const double> p, std::span<double> g) const {
    double r = 0;
    for (double& each : g) each = 0;
    for (std::size_t j = 0; j < points; ++j) {
      const double* const row = x.data() + count * j;
      double z = 0;
      for (std::size_t i = 0; i < count; ++i) z += row[i] * p[i];
      const double y = row[0] - 0.5 * row[1] + 0.25 * row[2] + 0.7 * noise[j] > 0 ? 1 : -1;
      r += std::log1p(std::exp(-y * z)) / points;
      for (std::size_t i = 0; i < count; ++i) g[i] -= y * row[i] / (1 + std::exp(y * z)) / points;
    }
    return r;
  }
};

/// The least loss of a problem, by plain descent with a step that is known to be small enough.
template <class P>
double least(const P& problem, double step) {
  std::vector<double> p(P::count), g(P::count);
  for (int t = 0; t < 20'000; ++t) {
    problem.loss(p, g);
    for (std::size_t i = 0; i < P::count; ++i) p[i] -= step * g[i];
  }
  return problem.loss(p, g);
}

/// The parameters themselves.
inline constexpr auto as_they_are = [](auto& p, auto&) { return std::span<double>(p); };

/// What part of the loss that can be got rid of is left after `steps` at a rate of 1, from 0, where
/// `weights(p, optimizer)` are looked at.
template <class P, class R, class Weights = decltype(as_they_are)>
double left_over(const P& problem, double lowest, const R& rule, int steps,
                 const Weights& weights = as_they_are) {
  std::vector<double> p(P::count), g(P::count);
  const double highest = problem.loss(p, g);
  gradus::Optimizer opt{gradus::Constant<>{1.0}, rule, p};
  for (int t = 0; t < steps; ++t) {
    const double loss = problem.loss(p, g);
    opt.step(p, g, {.loss = loss});
  }
  return (problem.loss(weights(p, opt), g) - lowest) / (highest - lowest);
}

/// `rule` reaches 1 % of the loss to be got rid of on both problems, the first at three scales that
/// are a thousand apart, at a rate of 1: nothing has been tuned.
template <class R>
void finds_its_rate(const R& rule, int steps) {
  for (const double scale : {1e-3, 1.0, 1e3}) {
    CAPTURE(scale);
    CHECK(left_over(Quadratic{scale}, 0.0, rule, steps) < 0.01);
  }
  const Logistic logistic;
  CHECK(left_over(logistic, least(logistic, 0.5), rule, steps) < 0.01);
}

}  // namespace support
