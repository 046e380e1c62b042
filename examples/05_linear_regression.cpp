// Linear regression on real data: in 1857 J. D. Forbes measured the boiling point of water and the
// pressure of the air, in the Alps and in Scotland. The program fits a straight line by gradient
// descent, and compares it with the closed form.
#include <fmt/core.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <gradus/gradus.hpp>

constexpr std::size_t n = 17;
constexpr std::array<double, n> boiling = {  // degrees Fahrenheit
    194.5, 194.3, 197.9, 198.4, 199.4, 199.9, 200.9, 201.1, 201.4,
    201.3, 203.6, 204.6, 209.5, 208.6, 210.7, 211.9, 212.2};
constexpr std::array<double, n> pressure = {  // inches of mercury
    20.79, 20.79, 22.40, 22.67, 23.15, 23.35, 23.89, 23.99, 24.02,
    24.01, 25.14, 26.57, 28.49, 27.76, 29.04, 29.88, 30.06};

double mean(const std::array<double, n>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / n;
}

int main() {
  // The closed form: slope = sum of (x - mx)(y - my) / sum of (x - mx)^2.
  const double mx = mean(boiling), my = mean(pressure);
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < n; ++i) {
    xx += (boiling[i] - mx) * (boiling[i] - mx);
    xy += (boiling[i] - mx) * (pressure[i] - my);
  }
  const double slope = xy / xx, intercept = my - slope * mx;

  // Gradient descent on pressure = p[0] + p[1] * z, where z is centred and scaled to variance 1. In
  // the raw units the curvature of the loss is 50 million times as large in one direction as in the
  // other: a rate that does not diverge in the first makes no progress in the second.
  const double scale = std::sqrt(xx / n);
  std::array<double, 2> p = {0, 0}, g = {};
  gradus::Optimizer opt{gradus::Cosine{.start = 0.5, .steps = 128}, gradus::SGD{}, p};

  fmt::print("step  mean squared error   pressure = a + b * temperature\n");
  for (int step = 0; step <= 128; ++step) {
    double error = 0;
    g = {0, 0};
    for (std::size_t i = 0; i < n; ++i) {
      const double z = (boiling[i] - mx) / scale, e = p[0] + p[1] * z - pressure[i];
      error += e * e;
      g[0] += e;
      g[1] += e * z;
    }
    if ((step & (step - 1)) == 0)  // 0, 1, 2, 4, 8 ...
      fmt::print("{:4}  {:18.6f}   {:8.4f} {:+8.5f}\n", step, error / n, p[0] - p[1] * mx / scale,
                 p[1] / scale);
    if (step < 128) opt.step(p, g, {.scale = 1.0 / n});  // the mean, from sums
  }

  const double b = p[1] / scale, a = p[0] - b * mx;
  fmt::print("closed form:              {:8.4f} {:+8.5f}\n", intercept, slope);
  if (!(std::abs(a - intercept) < 1e-6 && std::abs(b - slope) < 1e-8)) {
    fmt::print(stderr, "the fit, {} and {}, is not the closed form\n", a, b);
    return 1;
  }
}
