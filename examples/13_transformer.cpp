// A small transformer (matrices/transformer.hpp) learns to read handwritten digits. One line makes
// its optimizer: Muon for the hidden matrices, AdamW for the rest. Usage: 13_transformer
// [digits.csv]
#include "matrices/transformer.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <gradus/gradus.hpp>
#include <gradus/training/muon_for.hpp>
#include <string>

#include "digits/data.hpp"
#include "digits/trial.hpp"

namespace {

int run(const std::string& path) {
  const digits::Digits digits(digits::read(path));
  constexpr std::size_t steps = 400;

  transformer::Network network(1);
  digits::Batches batches(digits.train, 16, 1);
  auto opt = gradus::muon_for(
      gradus::ClipNorm{1},
      gradus::Warmup{steps / 10, gradus::Cosine{.start = 0.02, .steps = steps - steps / 10}},
      network.params());

  double loss = 0;
  for (std::size_t step = 1; step <= steps; ++step) {
    loss += network.learn(batches.next());
    const auto result = opt.step(network.params(), network.grads());
    if (step % 50 != 0) continue;
    fmt::print("step {:4}  rate {:.5f}  gradient {:.3f}  loss {:.4f}  test accuracy {:.1f} %\n",
               step, result.groups[0].rate, result.norm, loss / 50,
               100 * network.accuracy(digits.test));
    loss = 0;
  }
  if (network.accuracy(digits.test) >= 0.95) return 0;
  fmt::print(stderr, "13_transformer: less than 95 % of the test images were recognised\n");
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : GRADUS_DIGITS);
  } catch (const std::exception& error) {
    fmt::print(stderr, "13_transformer: {}\n", error.what());
    return 1;
  }
}
