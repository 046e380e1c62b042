// The same budget for every row: trials on validation images, then trainings with new seeds, which
// are evaluated on the test images.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <gradus/tune/search.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../digits/parallel.hpp"
#include "contestants.hpp"

namespace headline {

struct Budget {
  std::size_t trials = 24;       // settings to try for each contestant
  std::size_t tuning_seeds = 3;  // trainings in a trial
  std::size_t seeds = 20;        // final trainings
  std::size_t steps = 1000;      // of each
  std::size_t threads = 0;
};
inline constexpr std::size_t lengths = 10;  // the lengths of trainings, in tenths of the steps

// The result of a contestant.
struct Entry {
  const Contestant* who = nullptr;
  tune::Setting best, fastest;                        // by accuracy at the end, by steps to target
  std::array<std::vector<double>, lengths> accuracy;  // of the best by length, then by seed
  std::vector<std::size_t> steps;                     // of the fastest, by seed
};

template <class T>
T quantile(std::vector<T> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}
inline double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}
// The standard error of the mean.
inline double standard_error(const std::vector<double>& values) {
  const double middle = mean(values);
  double sum = 0;
  for (const double x : values) sum += (x - middle) * (x - middle);
  const auto n = static_cast<double>(values.size());
  return n < 2 ? 0 : std::sqrt(sum / (n - 1) / n);
}
// Differences seed by seed: both began with the same weights and saw the same batches.
inline std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> r;
  for (std::size_t i = 0; i < a.size(); ++i) r.push_back(a[i] - b[i]);
  return r;
}

// Every trial measures the error at the end, which the search uses, and the steps to the target.
inline Entry tuned(const Contestant& who, const digits::Digits& digits, const Budget& budget,
                   digits::Progress& progress) {
  std::vector<std::size_t> steps(budget.trials, Run::never);
  const auto trial = [&](const tune::Setting& setting) {
    double error = 0;
    std::vector<std::size_t> each;
    for (std::size_t i = 0; i < budget.tuning_seeds; ++i) {
      const Run run = who.train(setting, {digits, digits.validation, budget.steps, 1001 + i});
      error += (1 - run.accuracy) / static_cast<double>(budget.tuning_seeds);
      each.push_back(run.steps);
    }
    steps[setting.trial()] = quantile(each, 0.5);
    progress.advance();
    return error;
  };
  const tune::SearchResult result =
      tune::search(who.space, tune::Random{.trials = budget.trials}, trial,
                   {.threads = budget.threads,
                    .name = fmt::format("{}, {}", who.rule, who.how),
                    .progress = false});
  const auto by_steps = [&](const tune::Trial& a, const tune::Trial& b) {
    return steps[a.setting.trial()] < steps[b.setting.trial()];
  };
  const auto fastest = std::min_element(result.trials().begin(), result.trials().end(), by_steps);
  return {&who, result.best().setting, fastest->setting, {}, {}};
}

inline std::vector<Entry> contest(const std::vector<Contestant>& contestants,
                                  const digits::Digits& digits, const Budget& budget) {
  std::vector<Entry> entries;
  {
    digits::Progress progress("tuning", contestants.size() * budget.trials);
    for (const Contestant& who : contestants) {
      Entry& entry = entries.emplace_back(tuned(who, digits, budget, progress));
      for (auto& by_seed : entry.accuracy) by_seed.resize(budget.seeds);
      entry.steps.resize(budget.seeds);
    }
  }
  const std::size_t each = (lengths + 1) * budget.seeds;
  digits::in_parallel("judging", entries.size() * each, budget.threads, [&](std::size_t i) {
    Entry& entry = entries[i / each];
    const std::size_t length = i % each / budget.seeds, seed = i % budget.seeds;
    const auto run = [&](const tune::Setting& setting, std::size_t steps) {
      return entry.who->train(setting, {digits, digits.test, steps, 1 + seed});
    };
    if (length == lengths)
      entry.steps[seed] = run(entry.fastest, budget.steps).steps;
    else
      entry.accuracy[length][seed] =
          run(entry.best, budget.steps * (length + 1) / lengths).accuracy;
  });
  return entries;
}

}  // namespace headline
