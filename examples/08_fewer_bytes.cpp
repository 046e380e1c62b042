// Trains on the digits with fewer bytes than float: first with the state of the optimizer in 8 bits
// or bfloat16, then with the parameters in bfloat16. Rounding to the nearest loses small steps. A
// float master copy keeps them. Without a copy, they are kept by storing the rounding error, or by
// rounding at random.
// Usage: 08_fewer_bytes [digits.csv]
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <gradus/gradus.hpp>
#include <string>
#include <vector>

#include "digits/data.hpp"
#include "digits/network.hpp"
#include "digits/trial.hpp"

namespace {

using gradus::bfloat16;

// Trains with parameters stored as P, and returns the share of test images that it recognises.
template <class P, class R>
double train(const char* name, std::size_t bytes, const R& rule, const digits::Digits& digits) {
  digits::Network network(1);
  digits::Batches batches(digits.train, 16, 1);
  std::vector<P> params;  // what the optimizer updates; the network computes with floats
  for (const std::span<float> s : network.params())
    for (const float x : s) params.push_back(P(x));

  constexpr std::size_t steps = 4000;
  gradus::Optimizer opt{
      gradus::Warmup{100, gradus::Cosine{.start = 0.001, .end = 0, .steps = steps - 100}}, rule,
      params};
  std::vector<float> grads(params.size());
  while (opt.steps() < steps) {
    auto next = params.begin();
    for (const std::span<float> s : network.params())
      for (float& x : s) x = static_cast<float>(*next++);
    network.learn(batches.next());
    auto to = grads.begin();
    for (const std::span<const float> s : network.grads()) to = std::copy(s.begin(), s.end(), to);
    opt.step(params, grads);
  }
  const double accuracy = network.accuracy(digits.test);
  fmt::print("{:<50}{:>3}{:>10.1f} %\n", name, bytes, 100 * accuracy);
  return accuracy;
}

int run(const std::string& path) {
  const digits::Digits digits(digits::read(path));
  const gradus::AdamW adam{};
  const auto halves = gradus::stored<bfloat16>(adam);
  fmt::print("{:<47}{:>6}{:>12}\n", "AdamW on the digits", "bytes", "accuracy");
  const double base = train<float>("float", 12, adam, digits);
  const double nearest = train<bfloat16>("bfloat16", 6, halves, digits);
  const std::vector<double> others{
      train<float>("float, m and v in blocks of 8 bits", 6,
                   gradus::stored<gradus::Signed8, gradus::Positive8>(adam), digits),
      train<float>("float, m in bfloat16", 10, gradus::stored<bfloat16, float>(adam), digits),
      train<float>("float, m and v in bfloat16, rounded at random", 8, gradus::Stochastic{halves},
                   digits),
      train<bfloat16>("bfloat16 with a float master", 14, gradus::Master{adam}, digits),
      train<bfloat16>("bfloat16, compensated", 8, gradus::Compensated{halves}, digits),
      train<bfloat16>("bfloat16, rounded at random", 6, gradus::Stochastic{halves}, digits)};
  if (*std::min_element(others.begin(), others.end()) > base - 0.01 && nearest < base - 0.03)
    return 0;
  fmt::print(stderr, "08_fewer_bytes: a variant has another accuracy than expected\n");
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : GRADUS_DIGITS);
  } catch (const std::exception& error) {
    fmt::print(stderr, "08_fewer_bytes: {}\n", error.what());
    return 1;
  }
}
