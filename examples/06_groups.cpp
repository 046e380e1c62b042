// Parameter groups make one step together: weights with decay and a cosine, and a bias without
// decay at a constant rate. For comparison, one optimizer over a list of spans treats all spans
// alike, so that decay shrinks the bias too. The program compares both results with the known
// answers.
#include <fmt/core.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <gradus/gradus.hpp>

// y = 3 x0 - 2 x1 + 20 at the four corners of a square.
constexpr std::array<std::array<double, 2>, 4> xs = {{{-1, -1}, {-1, 1}, {1, -1}, {1, 1}}};
constexpr double truth(const std::array<double, 2>& x) { return 3 * x[0] - 2 * x[1] + 20; }

struct Model {
  std::array<double, 2> weights = {}, weight_grads = {};
  std::array<double, 1> bias = {}, bias_grad = {};

  void backward() {  // the gradients of half the mean squared error
    weight_grads = {};
    bias_grad = {};
    for (const auto& x : xs) {
      const double e = weights[0] * x[0] + weights[1] * x[1] + bias[0] - truth(x);
      weight_grads[0] += e * x[0] / 4;
      weight_grads[1] += e * x[1] / 4;
      bias_grad[0] += e / 4;
    }
  }
  // Trains, and compares the result with the known answer.
  bool is(const char* name, auto& optimizer, double w0, double w1, double b) {
    for (int i = 0; i < 300; ++i) {
      backward();
      optimizer.step({weights, bias}, {weight_grads, bias_grad});
    }
    fmt::print("{}weights {:.4f} {:.4f}, bias {:.4f}\n", name, weights[0], weights[1], bias[0]);
    const double off =
        std::abs(weights[0] - w0) + std::abs(weights[1] - w1) + std::abs(bias[0] - b);
    if (off < 1e-6) return true;
    fmt::print(stderr, "these are {} off {}, {}, {}\n", off, w0, w1, b);
    return false;
  }
};

int main() {
  const gradus::Cosine cosine{.start = 0.5, .end = 0.01, .steps = 300};
  // Under SGD, decoupled decay is ridge regression, which divides by 1 + decay in this problem.
  const gradus::Chain sgd_with_decay{gradus::SGD{}, gradus::WeightDecay{0.5}};

  Model two;
  gradus::Groups groups{gradus::Optimizer{cosine, sgd_with_decay, two.weights},
                        gradus::Optimizer{gradus::Constant{0.1}, gradus::SGD{}, two.bias}};
  Model one;
  gradus::Optimizer of_all{cosine, sgd_with_decay, gradus::spans(one.weights, one.bias)};
  const bool right = two.is("two groups:    ", groups, 3 / 1.5, -2 / 1.5, 20) &&
                     one.is("one optimizer: ", of_all, 3 / 1.5, -2 / 1.5, 20 / 1.5);
  return right ? 0 : 1;
}
