// Measures gradus::TorchOptimizer beside torch::optim::AdamW, on equal tensors in one process with
// one thread, and prints a table in Markdown. tools/torch-speed writes it into
// docs/guide/libtorch.md.
#include <ATen/Parallel.h>
#include <torch/optim/adamw.h>
#include <torch/types.h>
#include <torch/version.h>
#include <gradus/adapt/torch_optimizer.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/schedule/constant.hpp>

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <cstdio>
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
}
