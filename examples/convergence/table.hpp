// Runs every rule on every problem at its best rate.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../digits/parallel.hpp"
#include "problems.hpp"

namespace convergence {

// The rates that are tried for every rule on every problem: 1, 2 and 5 times powers of ten.
using Rates = std::span<const double>;
inline constexpr std::array rates{1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3,
                                  5e-3, 1e-2, 2e-2, 5e-2, 1e-1, 2e-1, 5e-1, 1e0,
                                  2e0,  5e0,  1e1,  2e1,  5e1,  1e2,  2e2,  5e2};
// The rate for rules that find their rate.
inline constexpr std::array rate_of_one{1.0};

struct Settings {
  double part = 1e-6;   // of the quadratic's first value: the target
  double floor = 1e-4;  // the target on Rosenbrock
  std::size_t most = 5'000, most_rosenbrock = 20'000, noisy = 1'000, digits = 600;  // steps
  std::size_t seeds = 5;
  bool fewest = true;  // search all rates; false: stop at the first rate that reaches the target
};

struct Best {
  double value = 0, rate = 0;
};
using Result = std::optional<Best>;

// The fewest steps over all rates; if two are equal, the smaller rate. A rate is abandoned when it
// has taken more steps than another one.
template <class Problem>
Result fewest(double target, const Problem& problem, const Method& method, Rates tried,
              std::size_t most, bool all_rates = true) {
  Result best;
  for (auto rate = tried.rbegin(); rate != tried.rend(); ++rate)
    if (const auto steps = steps_to(target, problem, method, *rate, most)) {
      best = Best{static_cast<double>(*steps), *rate};
      most = *steps;
      if (!all_rates) break;
    }
  return best;
}

inline Result least_left(const Quadratic& problem, const Method& method, Rates tried,
                         const Settings& s) {
  Result best;
  for (const double rate : tried) {
    double mean = 0;
    for (std::size_t seed = 1; seed <= s.seeds; ++seed)
      mean += left_over(problem, method, rate, s.noisy, seed) / static_cast<double>(s.seeds);
    if (std::isfinite(mean) && (!best || mean < best->value)) best = Best{mean, rate};
  }
  return best;
}

// The test accuracy at the rate that is best on the validation images.
inline Result most_accurate(const digits::Digits& digits, const Method& method, Rates tried,
                            const Settings& s) {
  Result best;
  double validation = 0;
  for (const double rate : tried) {
    Accuracy mean;
    for (std::size_t seed = 1; seed <= s.seeds; ++seed) {
      const Accuracy one = learn(digits, method, rate, s.digits, seed);
      mean.validation += one.validation / static_cast<double>(s.seeds);
      mean.test += one.test / static_cast<double>(s.seeds);
    }
    if (mean.validation > validation) {
      validation = mean.validation;
      best = Best{mean.test, rate};
    }
  }
  return best;
}

struct Row {
  Result quadratic{}, noisy{}, rosenbrock{}, digits{};
};

inline std::vector<Method> methods() {
  std::vector<Method> all;
  for (const auto& some :
       {plain_and_averaged(), adaptive(), adam_and_after(), stages(), without_a_schedule()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

// Without images, only the quadratic is run.
inline std::vector<Row> rows(const std::vector<Method>& methods, Rates tried,
                             const digits::Digits* images, const Settings& s, std::size_t threads) {
  const Quadratic quadratic;
  const double target = s.part * quadratic.value(quadratic.start());
  std::vector<Row> rows(methods.size());
  const std::size_t problems = images != nullptr ? 4 : 1;
  digits::in_parallel("training", methods.size() * problems, threads, [&](std::size_t i) {
    const Method& method = methods[i / problems];
    Row& row = rows[i / problems];
    switch (i % problems) {
      case 0: row.quadratic = fewest(target, quadratic, method, tried, s.most, s.fewest); break;
      case 1: row.noisy = least_left(quadratic, method, tried, s); break;
      case 2:
        row.rosenbrock = fewest(s.floor, Rosenbrock{}, method, tried, s.most_rosenbrock);
        break;
      default: row.digits = most_accurate(*images, method, tried, s);
    }
  });
  return rows;
}

}  // namespace convergence
