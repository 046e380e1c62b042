// Searches for the best rate, warmup, decay and beta2 on the digits, by successive halving of 36
// trials on two threads. Kill it at any moment and start it again: it continues.
// Usage: 12_search [FILE.csv]    (without FILE.csv it stops itself, in a temporary folder)
#include <fmt/core.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <gradus/gradus.hpp>
#include <gradus/plot/svg.hpp>
#include <gradus/tune/search.hpp>
#include <gradus/tune/search_chart.hpp>
#include <string>

#include "digits/trial.hpp"

namespace {

namespace tune = gradus::tune;

constexpr gradus::step_t whole = 900;
const tune::Halving how{.of = tune::Random{.trials = 36, .steps = whole}, .first = 100};
const tune::Space space{{"rate", tune::log_range(1e-4, 1)},
                        {"warmup", tune::Range{.low = 1, .high = 100, .whole = true}},
                        {"decay", tune::log_range(1e-4, 1)},
                        {"beta2", tune::choice(0.9, 0.99, 0.999)}};

// Searches, but stops after `most` trainings.
tune::SearchResult search(const std::string& file, int most) {
  const digits::Digits digits(digits::read(GRADUS_DIGITS));
  digits::Batches others(digits.validation, digits.validation.size(), 1);
  const std::span validation = others.next();
  std::atomic<int> begun = 0;
  const auto begin = [&](const tune::Setting& s) {
    if (++begun > most) throw tune::Stop("interrupted");
    const gradus::step_t warmup = static_cast<gradus::step_t>(s.whole("warmup"));
    digits::Network network(1);
    const gradus::Warmup rate{warmup, gradus::Cosine{.start = s["rate"], .steps = whole - warmup}};
    const gradus::AdamW rule{.beta2 = s["beta2"], .weight_decay = s["decay"]};
    // A training that can continue: it trains up to `steps`, and returns the loss on unseen images.
    return [=, opt = gradus::Optimizer{rate, rule, network.params()},
            batches = digits::Batches(digits.train, 16, 1)](gradus::step_t steps) mutable {
      while (opt.steps() < steps) {
        network.learn(batches.next());
        opt.step(network.params(), network.grads());
      }
      return network.learn(validation);
    };
  };
  return tune::search(space, how, begin, {.threads = 2, .file = file, .name = "digits"});
}

int run(const std::string& path) {
  const std::string file =
      path.empty() ? (std::filesystem::temp_directory_path() / "gradus-search.csv").string() : path;
  if (path.empty()) std::filesystem::remove(file);
  for (int stops = 0;; ++stops) try {
      const tune::SearchResult result = search(file, path.empty() ? 15 : 1000);
      fmt::print("{}", result.table());
      std::ofstream(file + ".svg") << gradus::io::svg(gradus::tune::chart(result, "rate"));
      if (!path.empty()) return 0;
      const bool same = result.csv() == search("", 1000).csv();
      fmt::print("stopped {} times: {}\n", stops,
                 same ? "the same result as without" : "another result");
      return same && stops > 0 && result.best().outcome.loss < 0.15 ? 0 : 1;
    } catch (const tune::Stop&) {
    }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : "");
  } catch (const std::exception& error) {
    fmt::print(stderr, "12_search: {}\n", error.what());
    return 1;
  }
}
