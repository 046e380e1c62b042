// Measures gradus::TorchOptimizer beside torch::optim::AdamW, on equal tensors in one process with
// one thread, and Muon beside the same formula in tensors, and prints tables in Markdown.
// tools/torch-speed writes them into docs/guide/libtorch.md.
#include <ATen/Parallel.h>
#include <torch/optim/adamw.h>
#include <torch/types.h>
#include <torch/version.h>
#include <gradus/adapt/torch_optimizer.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/matrix/muon.hpp>
#include <gradus/schedule/constant.hpp>

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

namespace {

std::vector<torch::Tensor> parameters(std::int64_t tensors, std::int64_t size) {
  std::vector<torch::Tensor> r;
  for (std::int64_t j = 0; j < tensors; ++j) {
    r.push_back(torch::full({size}, 0.5F));
    r.back().mutable_grad() = torch::full({size}, 0.01F);
  }
  return r;
}
template <class O>
double nanoseconds_of_step(O& optimizer) {
  const auto begin = std::chrono::steady_clock::now();
  optimizer.step();
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
  return time.count();
}

struct Times {
  double ours = 1e300, theirs = 1e300;
};
/// The shortest step of each, per parameter. They take turns step by step: with several steps in
/// one measurement, the slower one would be interrupted more often by other programs.
Times measure(std::int64_t tensors, std::int64_t size) {
  const std::int64_t params = tensors * size;
  gradus::TorchOptimizer ours{gradus::Constant{1e-3}, gradus::AdamW{}, parameters(tensors, size)};
  torch::optim::AdamW theirs(parameters(tensors, size), torch::optim::AdamWOptions(1e-3));
  Times r;
  for (std::int64_t round = 0; round < 40 + 4'000'000 / params; ++round) {
    r.ours = std::min(r.ours, nanoseconds_of_step(ours) / static_cast<double>(params));
    r.theirs = std::min(r.theirs, nanoseconds_of_step(theirs) / static_cast<double>(params));
  }
  return r;
}

/// Muon as one writes it with tensors: the same momentum, polynomials, scale and decay.
class MuonOfTensors {
 public:
  MuonOfTensors(const torch::Tensor& weights, const torch::Tensor& gradient)
      : weights_(weights), gradient_(gradient), momentum_(torch::zeros_like(weights)) {}
  void step() {
    const torch::NoGradGuard no_grad;
    momentum_.mul_(0.95).add_(gradient_, 0.05);
    torch::Tensor x = (0.05 * gradient_).add(momentum_, 0.95);
    const bool tall = x.size(0) > x.size(1);
    if (tall) x = x.t();
    x = x / (x.norm() + 1e-7);
    for (int i = 0; i < 5; ++i) {
      const torch::Tensor a = x.mm(x.t());
      x = 3.4445 * x + (-4.7750 * a + 2.0315 * a.mm(a)).mm(x);
    }
    if (tall) x = x.t();
    const double scale = std::sqrt(std::max(1.0, double(x.size(0)) / double(x.size(1))));
    weights_.mul_(1 - 1e-3 * 0.1).add_(x, -1e-3 * scale);
  }

 private:
  torch::Tensor weights_, gradient_, momentum_;
};
auto matrix(const torch::Tensor& t) {
  return gradus::matrix(std::span(t.data_ptr<float>(), std::size_t(t.numel())),
                        std::size_t(t.size(0)), std::size_t(t.size(1)));
}
class MuonOfGradus {
 public:
  MuonOfGradus(torch::Tensor weights, torch::Tensor gradient)
      : weights_(std::move(weights)),
        gradient_(std::move(gradient)),
        optimizer_(gradus::Constant{1e-3}, gradus::Muon{}, matrix(weights_)) {}
  void step() { optimizer_.step(matrix(weights_), matrix(gradient_)); }

 private:
  torch::Tensor weights_, gradient_;
  gradus::Optimizer<gradus::Constant<>, gradus::Muon> optimizer_;
};
/// Prints the shortest step of both in milliseconds.
void print_muon(std::int64_t rows, std::int64_t columns) {
  const torch::Tensor weights = torch::randn({rows, columns});
  const torch::Tensor gradient = torch::randn({rows, columns});
  MuonOfGradus ours(weights.clone(), gradient);
  MuonOfTensors theirs(weights.clone(), gradient);
  Times r;
  for (int round = 0; round < 7; ++round) {
    r.ours = std::min(r.ours, 1e-6 * nanoseconds_of_step(ours));
    r.theirs = std::min(r.theirs, 1e-6 * nanoseconds_of_step(theirs));
  }
  std::printf("| %lld x %lld | %.1f | %.1f | %.1f |\n", static_cast<long long>(rows),
              static_cast<long long>(columns), r.ours, r.theirs, r.theirs / r.ours);
}

struct Size {
  std::int64_t tensors, elements;
};
constexpr Size sizes[] = {{100, 100}, {1, 10'000}, {100, 10'000}, {1, 1'000'000}, {1, 10'000'000}};

}  // namespace

int main() {
  at::set_num_threads(1);
  std::vector<Times> fresh;
  for (const Size& s : sizes) fresh.push_back(measure(s.tensors, s.elements));
  // From here on, malloc keeps freed memory, also that of large tensors.
  if (mallopt(M_MMAP_MAX, 0) == 0 || mallopt(M_TRIM_THRESHOLD, INT_MAX) == 0) return 1;
  std::puts("| tensors | gradus | libtorch | libtorch, freed memory kept | ratio to the shorter |");
  std::puts("|---|---|---|---|---|");
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const Size& s = sizes[i];
    const Times kept = measure(s.tensors, s.elements);
    const double ours = std::min(kept.ours, fresh[i].ours);
    std::printf("| %lld of %lld | %.2f | %.2f | %.2f | %.1f |\n", static_cast<long long>(s.tensors),
                static_cast<long long>(s.elements), ours, fresh[i].theirs, kept.theirs,
                std::min(kept.theirs, fresh[i].theirs) / ours);
  }
  std::puts("\nMuon, milliseconds for a step:\n\n| matrix | gradus | tensors | ratio |");
  std::puts("|---|---|---|---|");
  print_muon(256, 256);
  print_muon(1024, 1024);
  print_muon(4096, 1024);
}
