// What gradus.c compares with: the same training in C++.
#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

extern "C" {
void compute(const float* w, const float* b, float* gw, float* gb);
void train_in_cpp(int steps, double clip_norm, float* w, float* b, float* exp_avg);
void continue_in_cpp(const char* path, int steps, float* w, float* b);
void train_double_in_cpp(int steps, double* w);
}

namespace {

constexpr std::size_t weights = 37, biases = 5;
constexpr gradus::Warmup schedule{
    .steps = 5, .schedule = gradus::Cosine{.start = 1e-2, .end = 1e-4, .steps = 40}};
constexpr gradus::AdamW rule{.weight_decay = 0.02};

template <class O>
void train(O& o, int steps, const std::array<std::span<float>, 2>& params) {
  std::array<float, weights> gw{};
  std::array<float, biases> gb{};
  for (int i = 0; i < steps; ++i) {
    compute(params[0].data(), params[1].data(), gw.data(), gb.data());
    o.step(params, gradus::spans(gw, gb));
  }
}

}  // namespace

void train_in_cpp(int steps, double clip_norm, float* w, float* b, float* exp_avg) {
  const std::array params{std::span(w, weights), std::span(b, biases)};
  if (clip_norm == 0) {
    gradus::Optimizer o{schedule, rule, params};
    train(o, steps, params);
    std::ranges::copy(o.slot("exp_avg"), exp_avg);
  } else {
    gradus::Optimizer o{schedule, gradus::Chain{gradus::ClipNorm{clip_norm}, rule}, params};
    train(o, steps, params);
  }
}

void continue_in_cpp(const char* path, int steps, float* w, float* b) {
  const std::array params{std::span(w, weights), std::span(b, biases)};
  const std::vector<std::string> names{"layer.weight", "layer.bias"};
  gradus::Optimizer o{schedule, rule, params};
  gradus::io::load(path, gradus::io::named(names, o), gradus::io::named(names, params));
  train(o, steps, params);
}

void train_double_in_cpp(int steps, double* w) {
  std::array<double, weights> g{};
  const std::span params(w, weights);
  gradus::Optimizer o{gradus::Constant{0.1}, gradus::ScheduleFreeSGD{.beta = 0.5}, params};
  for (int step = 0; step < steps; ++step) {
    for (std::size_t i = 0; i < weights; ++i) g[i] = w[i] - static_cast<double>(i);
    o.step(params, g);
  }
}
