// Handwritten digits: a small network (digits/network.hpp) learns 998 of 1,797 images with a
// warmup, a cosine and AdamW on the weights of both layers. It is then tested on 400 images that it
// has not seen. Usage: 07_digits [digits.csv]
#include "digits/network.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <gradus/gradus.hpp>
#include <string>

#include "digits/data.hpp"
#include "digits/trial.hpp"

namespace {

// Prints an image as text, and the answer of the network.
void show(const digits::Image& image, std::size_t answer) {
  for (std::size_t row = 0; row < 8; ++row) {
    std::string line;
    for (std::size_t column = 0; column < 8; ++column) {
      const float ink = image.pixel[8 * row + column];
      line += std::string(2, " .:oO#"[static_cast<std::size_t>(ink * 5)]);
    }
    fmt::print("  {}\n", line);
  }
  fmt::print("  a {}, recognised as a {}\n\n", image.digit, answer);
}

int run(const std::string& path) {
  const digits::Digits digits(digits::read(path));
  constexpr std::size_t steps = 1000;

  digits::Network network(1);
  digits::Batches batches(digits.train, 16, 1);
  gradus::Optimizer opt{
      gradus::Warmup{100, gradus::Cosine{.start = 0.01, .end = 0, .steps = steps - 100}},
      gradus::AdamW{.weight_decay = 0.01}, network.params()};

  double loss = 0;
  for (std::size_t step = 1; step <= steps; ++step) {
    loss += network.learn(batches.next());
    const double rate = opt.step(network.params(), network.grads()).rate;
    if (step % 100 != 0) continue;
    fmt::print("step {:4}  rate {:.5f}  loss {:.4f}  test accuracy {:.1f} %\n", step, rate,
               loss / 100, 100 * network.accuracy(digits.test));
    loss = 0;
  }

  fmt::print("\nThe first images with a wrong answer:\n\n");
  for (const digits::Image& image : digits.test)
    if (const std::size_t answer = network.read(image); answer != image.digit) {
      show(image, answer);
      break;
    }
  if (network.accuracy(digits.test) >= 0.95) return 0;
  fmt::print(stderr, "07_digits: less than 95 % of the test images were recognised\n");
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : GRADUS_DIGITS);
  } catch (const std::exception& error) {
    fmt::print(stderr, "07_digits: {}\n", error.what());
    return 1;
  }
}
