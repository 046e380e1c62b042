// The functions to minimise: an ill-conditioned quadratic, Rosenbrock's valley, and the network of
// the digits. Values and gradients are computed in double; parameters and gradients are stored in
// float.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <gradus/gradus.hpp>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "../digits/trial.hpp"
#include "method.hpp"

namespace convergence {

// (x - c)' A (x - c) / 2 with c = (1, ..., 1). The eigenvalues of A go from 0.01 to 1 in equal
// ratios. Its axes are rotated at random, so that they favour no rule. The start is at the same
// distance, 1, on each axis.
class Quadratic {
 public:
  static constexpr std::size_t n = 50;
  static constexpr double condition = 100;
  using Vector = std::array<double, n>;

  Quadratic() {
    std::mt19937_64 random(1);
    const gradus::Geometric eigenvalue{.start = 1 / condition, .end = 1, .steps = n - 1};
    for (std::size_t i = 0; i < n; ++i) matrix_[i][i] = eigenvalue(i);
    start_.fill(1);
    for (std::size_t i = 0; i < n; ++i) reflect(random);
  }

  std::vector<float> start() const {
    std::vector<float> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(1 + start_[i]);
    return x;
  }
  double value(std::span<const float> x) const {
    double sum = 0;
    const Vector slope = slope_at(x);
    for (std::size_t i = 0; i < n; ++i) sum += slope[i] * (static_cast<double>(x[i]) - 1) / 2;
    return sum;
  }
  Vector slope_at(std::span<const float> x) const {
    Vector slope{};
    for (std::size_t j = 0; j < n; ++j) {
      const double off = static_cast<double>(x[j]) - 1;
      for (std::size_t i = 0; i < n; ++i) slope[i] += off * matrix_[j][i];
    }
    return slope;
  }

 private:
  // Mirrors space on a random plane: H = 1 - 2 v v' / v'v, A <- H A H.
  void reflect(std::mt19937_64& random) {
    Vector v{};
    double square = 0;
    for (double& x : v) x = digits::unit(random), square += x * x;
    const auto mirror = [&](Vector& x) {
      double along = 0;
      for (std::size_t i = 0; i < n; ++i) along += v[i] * x[i];
      for (std::size_t i = 0; i < n; ++i) x[i] -= 2 * along / square * v[i];
    };
    const auto transpose = [&] {
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j) std::swap(matrix_[i][j], matrix_[j][i]);
    };
    for (int side = 0; side < 2; ++side) {
      for (Vector& row : matrix_) mirror(row);
      transpose();
    }
    mirror(start_);
  }

  std::array<Vector, n> matrix_{};
  Vector start_{};
};

// 100 (y - x^2)^2 + (1 - x)^2 from (-1.2, 1): a curved valley with its minimum at (1, 1).
struct Rosenbrock {
  static std::vector<float> start() { return {-1.2F, 1.0F}; }
  static double value(std::span<const float> x) {
    const double a = x[0], b = static_cast<double>(x[1]) - a * a;
    return 100 * b * b + (1 - a) * (1 - a);
  }
  static std::array<double, 2> slope_at(std::span<const float> x) {
    const double a = x[0], b = static_cast<double>(x[1]) - a * a;
    return {-400 * a * b - 2 * (1 - a), 200 * b};
  }
};

// Calls after_step(value), at the parameters to evaluate, until it returns true, at most `most`
// times.
template <class Problem, class Noise, class F>
void descend(const Problem& problem, const Method& method, double peak, const Rate& rate,
             std::size_t steps, Noise noise, const F& after_step) {
  std::vector<float> x = problem.start(), g(x.size());
  const std::array params{std::span<float>(x)};
  const std::array grads{std::span<const float>(g)};
  const auto training = method.begin(peak, rate, params);
  const auto average = training->average();
  for (std::size_t step = 0; step < steps; ++step) {
    const auto slope = problem.slope_at(x);
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = static_cast<float>(slope[i] + noise());
    training->step(params, grads, problem.value(x));
    if (after_step(problem.value(average.empty() ? x : average))) return;
  }
}

// The number of steps that a constant rate takes to bring the value to a target; empty if it takes
// more than `most`, or if the value is no longer a number.
template <class Problem>
std::optional<std::size_t> steps_to(double target, const Problem& problem, const Method& method,
                                    double rate, std::size_t most) {
  std::size_t steps = 0;
  bool there = false;
  const auto none = [] { return 0.0; };
  descend(problem, method, rate, gradus::Constant{rate}, most, none, [&](double value) {
    ++steps;
    there = value <= target;
    return there || !std::isfinite(value);
  });
  return there ? std::optional(steps) : std::nullopt;
}

// The value at the end of a cosine to zero on noisy gradients, as a fraction of the start value.
inline double left_over(const Quadratic& problem, const Method& method, double peak,
                        std::size_t steps, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  double last = 0;
  const auto noise = [&] { return digits::unit(random); };
  descend(problem, method, peak, gradus::Cosine{.start = peak, .steps = steps}, steps, noise,
          [&](double value) {
            last = value;
            return !std::isfinite(value);
          });
  return last / problem.value(problem.start());
}

// The shares of recognised images after a training: among the validation and the test images.
struct Accuracy {
  double validation = 0, test = 0;
};
inline Accuracy learn(const digits::Digits& digits, const Method& method, double peak,
                      std::size_t steps, std::uint64_t seed) {
  digits::Network network(seed);
  const gradus::Warmup schedule{steps / 10,
                                gradus::Cosine{.start = peak, .steps = steps - steps / 10}};
  const auto training = method.begin(peak, schedule, network.params());
  digits::Batches batches(digits.train, 8, seed);
  for (std::size_t step = 0; step < steps; ++step) {
    const double loss = network.learn(batches.next());
    if (!std::isfinite(loss)) return {};
    training->step(network.params(), network.grads(), loss);
  }
  std::span<const float> average = training->average();
  if (!average.empty())
    for (const std::span<float> span : network.params()) {
      std::copy_n(average.begin(), span.size(), span.begin());
      average = average.subspan(span.size());
    }
  return {network.accuracy(digits.validation), network.accuracy(digits.test)};
}

}  // namespace convergence
