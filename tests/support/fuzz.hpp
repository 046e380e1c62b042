// What the fuzzers in tests/fuzz share: their arguments, random numbers, and the progress that they
// report.
#pragma once

#include <gradus/tune/progress_bar.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace fuzz {

/// The same numbers everywhere (Steele, Lea, Flood, SplitMix, OOPSLA 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e37'79b9'7f4a'7c15U;
    std::uint64_t z = (state_ ^ (state_ >> 30)) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebU;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  /// In [0, 1).
  double fraction() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

/// `--draws N` and `--seed S`; ends the program on anything else.
struct Arguments {
  std::uint64_t draws;
  std::uint64_t seed = 1;

  Arguments(int count, char** values, std::uint64_t draws_by_default) : draws(draws_by_default) {
    for (int i = 1; i < count; i += 2) {
      std::uint64_t* const field = std::strcmp(values[i], "--draws") == 0  ? &draws
                                   : std::strcmp(values[i], "--seed") == 0 ? &seed
                                                                           : nullptr;
      char* end = nullptr;
      const bool given = field != nullptr && i + 1 < count;
      if (given) *field = std::strtoull(values[i + 1], &end, 10);
      if (!given || end == values[i + 1] || *end != '\0') {
        std::fprintf(stderr, "usage: %s [--draws N] [--seed S]\n", values[0]);
        std::exit(2);
      }
    }
  }
};

/// Shows on stderr how far it is: a bar on a terminal, elsewhere a line each minute.
struct Progress : gradus::tune::detail::ProgressBar {
  Progress(std::string what, std::uint64_t total)
      : ProgressBar(std::move(what), static_cast<double>(total), true, 60) {}
};

}  // namespace fuzz
