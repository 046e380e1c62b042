// The smallest program: a vector of parameters, a schedule, a rule and a loop. It minimises the
// squared distance to a point, so that the answer is known, and prints the steps towards it.
#include <fmt/core.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  const std::array<double, 3> target = {3.0, -1.0, 0.5};
  std::vector<double> params(3, 0.0), grads(3);

  // The rate falls from 0.2 to 0 over 60 steps; each step is params -= rate * grads.
  gradus::Optimizer opt{gradus::Cosine{.start = 0.2, .steps = 60}, gradus::SGD{}, params};

  fmt::print("step    rate        x        y        z\n");
  while (opt.steps() < 60) {
    for (std::size_t i = 0; i < 3; ++i) grads[i] = 2 * (params[i] - target[i]);
    const gradus::StepResult done = opt.step(params, grads);  // also counts the step
    if (done.t < 4 || done.t % 10 == 9)
      fmt::print("{:4}  {:6.4f}  {:7.4f}  {:7.4f}  {:7.4f}\n", done.t, done.rate, params[0],
                 params[1], params[2]);
  }

  for (std::size_t i = 0; i < 3; ++i) {
    if (!(std::abs(params[i] - target[i]) < 1e-4)) {
      fmt::print(stderr, "parameter {} is {}, not {}\n", i, params[i], target[i]);
      return 1;
    }
  }
}
