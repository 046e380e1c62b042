// One sweep clips, steps, decays and averages: a Chain of stages around a rule, where the decay of
// the rule has its own schedule. The gradients are noisy, and one in fifty is very large. Clipping
// makes those harmless, and the average of the parameters is better than the last parameters.
#include <fmt/core.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <gradus/gradus.hpp>
#include <random>
#include <span>
#include <vector>

constexpr std::size_t count = 64;
constexpr int steps = 3000;

double target(std::size_t i) { return i % 2 == 0 ? 1.0 : -0.5; }

double distance(std::span<const float> x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += std::pow(static_cast<double>(x[i]) - target(i), 2);
  return std::sqrt(sum);
}

int main() {
  std::vector<float> params(count, 0.0f), grads(count);

  // Decay keeps the weights small at first; at the end it is 0, because it would bias them.
  const auto adamw = gradus::vary<&gradus::AdamW::weight_decay>(
      gradus::AdamW{}, gradus::Cosine{.start = 0.5, .end = 0, .steps = steps / 2});
  const gradus::Chain rule{gradus::ClipNorm{10.0}, adamw, gradus::Ema{0.995}};
  gradus::Optimizer opt{gradus::Warmup{100, gradus::Constant{0.01}}, rule, params};

  std::mt19937 random{1};  // the same numbers on every platform, unlike those of a distribution
  fmt::print("step   rate  decay    last  average\n");
  while (opt.steps() < steps) {
    const double wild = random() % 50 == 0 ? 1000 : 1;
    for (std::size_t i = 0; i < count; ++i) {
      const double noise = wild * (static_cast<double>(random()) / 4294967296.0 - 0.5);
      grads[i] = static_cast<float>(static_cast<double>(params[i]) - target(i) + noise);
    }
    opt.step(params, grads);
    if (opt.steps() % 500 == 0)
      fmt::print("{:4}  {:5.3f}  {:5.3f}  {:6.3f}  {:7.3f}\n", opt.steps(), opt.rate(),
                 adamw.at(opt.steps()).weight_decay, distance(params),
                 distance(opt.slot("Ema.average")));  // in a chain a slot is called Part.slot
  }

  const std::span<const float> average = opt.slot("Ema.average");
  if (!(distance(average) < 0.6 * distance(params) && distance(average) < 0.2)) {
    fmt::print(stderr, "the average is {} away, the last {}\n", distance(average),
               distance(params));
    return 1;
  }
}
