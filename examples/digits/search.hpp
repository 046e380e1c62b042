// Every trial of a comparison, on all processors, and the result for each schedule and rule.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "comparison.hpp"
#include "parallel.hpp"
#include "trial.hpp"

namespace digits {

// One schedule with one rule at one peak rate, over all seeds: means, and of steps the median.
struct Result {
  double peak = 0, validation = 0, accuracy = 0;
  double variance = 0;  // of the accuracies
  std::size_t validation_steps = 0, steps = 0;
  std::vector<Sample> curve{};
};

// The results of a schedule with a rule: at the peak rate that is best on the validation images at
// the end, and at the peak rate that reaches the target on them in the fewest steps.
struct Row {
  std::size_t schedule = 0, rule = 0;
  Result best{}, fastest{};
};

// The rates to try: from a fifth to five times the middle one.
inline std::vector<double> peaks(const NamedRule& rule) {
  return {rule.rate / 5, rule.rate / 2, rule.rate, rule.rate * 2, rule.rate * 5};
}

// The trials of one schedule, rule and peak follow one another. The constant rate is always
// searched, because everything is compared with the best constant rate.
inline std::vector<Trial> trials(const Comparison& what) {
  std::vector<Trial> r;
  for (const std::size_t rule : what.rules)
    for (const std::size_t schedule : what.schedules)
      for (const double peak :
           schedule != 0 && what.rate ? std::vector{*what.rate} : peaks(rules()[rule]))
        for (std::size_t i = 0; i < what.repeats; ++i)
          r.push_back({schedule, rule, peak, what.seed + i});
  return r;
}

// Runs every trial.
inline void run(std::vector<Trial>& trials, const Digits& digits, const Training& training,
                std::size_t threads) {
  const auto named = schedules();
  const auto rule = rules();
  in_parallel("training", trials.size(), threads, [&](std::size_t i) {
    Trial& trial = trials[i];
    const Rate rate = named[trial.schedule].make(trial.peak, training.steps);
    train(trial, rate, rule[trial.rule].rule, digits, training);
  });
}

// The mean of curves; each point is a mean over the curves that reach it.
inline std::vector<Sample> mean_curve(std::span<const Trial> trials) {
  std::vector<Sample> curve;
  for (std::size_t i = 0;; ++i) {
    Sample sum;
    double count = 0;
    for (const Trial& trial : trials) {
      if (i >= trial.samples.size()) continue;
      const Sample& s = trial.samples[i];
      sum = {s.step, s.rate, sum.loss + s.loss, sum.accuracy + s.accuracy};
      ++count;
    }
    if (count == 0) return curve;
    curve.push_back({sum.step, sum.rate, sum.loss / count, sum.accuracy / count});
  }
}

inline Result summary(std::span<const Trial> trials) {
  Result r{trials[0].peak};
  const auto count = static_cast<double>(trials.size());
  for (const Trial& trial : trials) {
    r.validation += trial.validation / count;
    r.accuracy += trial.accuracy() / count;
  }
  for (const Trial& trial : trials) {
    const double off = trial.accuracy() - r.accuracy;
    r.variance += off * off / std::max(1.0, count - 1);
  }
  const auto median = [&](const auto& steps_of) {
    std::vector<std::size_t> steps;
    for (const Trial& trial : trials) steps.push_back(steps_of(trial));
    std::sort(steps.begin(), steps.end());
    return steps[(steps.size() - 1) / 2];  // if there are two in the middle, the smaller
  };
  r.steps = median([](const Trial& t) { return t.steps(); });
  r.validation_steps = median([](const Trial& t) { return t.validation_steps; });
  r.curve = mean_curve(trials);
  return r;
}

// A row for each schedule and rule. If two rates are equally good, the smaller one counts.
inline std::vector<Row> rows_of(const std::vector<Trial>& trials, std::size_t repeats) {
  std::vector<Row> r;
  for (std::size_t i = 0; i < trials.size(); i += repeats) {
    const Trial& first = trials[i];
    const Result next = summary(std::span(trials).subspan(i, repeats));
    if (r.empty() || r.back().schedule != first.schedule || r.back().rule != first.rule)
      r.push_back({first.schedule, first.rule, next, next});
    Row& row = r.back();
    if (next.validation > row.best.validation) row.best = next;
    if (next.validation_steps < row.fastest.validation_steps) row.fastest = next;
  }
  return r;
}

}  // namespace digits
