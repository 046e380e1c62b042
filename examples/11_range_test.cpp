// Searches for a rate: the network of the digits is trained for some steps at each of several
// rates, and once with a rising rate. The program draws the losses on the terminal and writes them
// as range_scan.svg and range_test.svg. Afterwards the network has the same bits as before.
// Usage: 11_range_test [digits.csv [folder]]
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <gradus/gradus.hpp>
#include <gradus/plot/svg.hpp>
#include <gradus/plot/terminal.hpp>
#include <gradus/tune/range_test.hpp>
#include <gradus/tune/rate_scan.hpp>
#include <stdexcept>
#include <string>

#include "digits/network.hpp"
#include "digits/trial.hpp"

namespace {

void show(const gradus::io::Chart& chart, const std::filesystem::path& path) {
  fmt::print("{}\n", gradus::io::terminal(chart));
  std::ofstream file(path, std::ios::binary);
  if (!(file << gradus::io::svg(chart)).flush())
    throw std::runtime_error(path.string() + " cannot be written");
  fmt::print("written to {}\n\n", path.string());
}

int run(const std::string& path, const std::filesystem::path& folder) {
  const digits::Digits digits(digits::read(path));
  constexpr std::size_t steps = 600;

  digits::Network network(1);
  digits::Batches batches(digits.train, 8, 1);
  gradus::Optimizer opt{gradus::Constant{0.0}, gradus::Momentum{}, network.params()};
  const auto step = [&](auto& tried, double rate) {
    const double loss = network.learn(batches.next());
    tried.step(network.params(), network.grads(), {.factor = rate});
    return loss;
  };
  digits::Network before = network;

  const gradus::RangeCurve scan = gradus::RateScan{}(opt, network.params(), step);
  const gradus::RangeCurve::Mark found[] = {{"minimum", scan.minimum()}};
  show(scan.chart("60 steps at each rate", found), folder / "range_scan.svg");

  const gradus::RangeCurve test = gradus::RangeTest{}(opt, network.params(), step);
  show(test.chart("100 steps at a rising rate"), folder / "range_test.svg");
  fmt::print("valley {:.3g}, slide {:.3g}, minimum / 10 {:.3g}, steepest {:.3g}\n", test.valley(),
             test.slide(), test.minimum_tenth(), test.steepest());

  const bool same = std::ranges::equal(network.params(), before.params(), std::ranges::equal);
  fmt::print("bits changed: {}\n", same ? "none" : "some");
  const double peak = scan.minimum();
  auto training = opt.with_schedule(
      gradus::Warmup{steps / 10, gradus::Cosine{.start = peak, .steps = steps - steps / 10}});
  for (std::size_t t = 0; t < steps; ++t) {
    network.learn(batches.next());
    training.step(network.params(), network.grads());
  }
  const double accuracy = network.accuracy(digits.test);
  fmt::print("trained with a peak of {:.3g}: test accuracy {:.1f} %\n", peak, 100 * accuracy);
  return same && accuracy > 0.93 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : GRADUS_DIGITS, argc > 2 ? argv[2] : ".");
  } catch (const std::exception& error) {
    fmt::print(stderr, "11_range_test: {}\n", error.what());
    return 1;
  }
}
