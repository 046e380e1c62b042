// For each problem and rule: the loss after a training at each rate of a fine grid, and the
// suggestions of a rate scan and of range tests.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <gradus/gradus.hpp>
#include <gradus/tune/range_test.hpp>
#include <gradus/tune/rate_scan.hpp>
#include <limits>
#include <string>
#include <vector>

#include "../digits/parallel.hpp"
#include "problems.hpp"

namespace range_test {

struct Settings {
  gradus::RangeTest test{};
  gradus::RateScan scan{};
  std::size_t steps = 600, seeds = 5, searches = 9;   // of a training; trainings, searches
  double first = 0x1p-12, ratio = 1.189207115002721;  // of the grid: fourth roots of 2
  std::size_t rates = 4 * 15 + 1;                     // to 8
};

enum class Course { constant, cosine };
inline constexpr std::array courses{Course::constant, Course::cosine};

struct Best {
  double rate = 0, loss = std::numeric_limits<double>::infinity();
};
// The suggestions: first that of a scan, then those of a range test.
inline constexpr std::array suggestions{"minimum", "valley", "minimum / 10", "slide", "steepest"};
inline std::array<double, suggestions.size()> suggested_by(const gradus::RangeCurve& scan,
                                                           const gradus::RangeCurve& test) {
  return {scan.minimum(), test.valley(), test.minimum_tenth(), test.slide(), test.steepest()};
}

struct Row {
  std::string problem{}, rule{};
  std::array<std::vector<double>, courses.size()> losses{};  // rate by rate
  std::array<Best, courses.size()> best{};
  std::array<std::vector<double>, suggestions.size()> suggested{};  // of all searches, in order

  double median(std::size_t suggestion) const {
    return suggested[suggestion][suggested[suggestion].size() / 2];
  }
  // The loss after a training at the rate of the grid that is nearest to `rate`.
  double loss_at(std::size_t course, double rate, const Settings& s) const {
    const double place = std::log(rate / s.first) / std::log(s.ratio);
    const double last = static_cast<double>(s.rates - 1);
    return losses[course][static_cast<std::size_t>(std::clamp(std::round(place), 0.0, last))];
  }
};

// The loss on unseen data after a training; infinite if the training diverged.
template <class Problem, class R>
double train(const digits::Digits& images, const R& rule, Course course, double rate,
             std::size_t steps, std::uint64_t seed) {
  Problem problem(images, seed);
  const gradus::Warmup cosine{steps / 10,
                              gradus::Cosine{.start = rate, .steps = steps - steps / 10}};
  gradus::Optimizer opt{
      [=](gradus::step_t t) { return course == Course::constant ? rate : cosine(t); }, rule,
      problem.params()};
  for (std::size_t t = 0; t < steps; ++t) {
    if (!std::isfinite(problem.learn())) return std::numeric_limits<double>::infinity();
    opt.step(problem.params(), problem.grads());
  }
  const double loss = problem.held_out();
  return std::isfinite(loss) ? loss : std::numeric_limits<double>::infinity();
}

// The suggestions of a `RangeTest` or a `RateScan`.
template <class Problem, class R, class Search>
gradus::RangeCurve search(const digits::Digits& images, const R& rule, const Search& search,
                          std::uint64_t seed) {
  Problem problem(images, seed);
  gradus::Optimizer opt{gradus::Constant{1.0}, rule, problem.params()};
  return search(opt, problem.params(), [&](auto& tried, double rate) {
    const double loss = problem.learn();
    tried.step(problem.params(), problem.grads(), {.factor = rate});
    return loss;
  });
}

template <class Problem, class R>
Row measure(const digits::Digits& images, const R& rule, const Settings& s) {
  Row row{Problem::name, R::name};
  for (std::size_t c = 0; c < courses.size(); ++c) {
    double rate = s.first;
    for (std::size_t i = 0; i < s.rates; ++i, rate *= s.ratio) {
      double mean = 0;
      for (std::uint64_t seed = 1; seed <= s.seeds; ++seed)
        mean += train<Problem>(images, rule, courses[c], rate, s.steps, seed) /
                static_cast<double>(s.seeds);
      row.losses[c].push_back(mean);
      if (mean < row.best[c].loss) row.best[c] = {rate, mean};
    }
  }
  for (std::uint64_t seed = s.seeds + 1; seed <= s.seeds + s.searches; ++seed) {
    const auto rates = suggested_by(search<Problem>(images, rule, s.scan, seed),
                                    search<Problem>(images, rule, s.test, seed));
    for (std::size_t k = 0; k < rates.size(); ++k) row.suggested[k].push_back(rates[k]);
  }
  for (auto& rates : row.suggested) std::sort(rates.begin(), rates.end());
  return row;
}

inline std::vector<Row> rows(const digits::Digits& images, const Settings& s, std::size_t threads) {
  using namespace gradus;
  using Measure = Row (*)(const digits::Digits&, const Settings&);
#define RANGE_TEST_ROW(Problem, Rule) \
  [](const digits::Digits& d, const Settings& x) { return measure<Problem>(d, Rule{}, x); }
  const std::vector<Measure> all{
      RANGE_TEST_ROW(Digits, SGD),          RANGE_TEST_ROW(Digits, Momentum),
      RANGE_TEST_ROW(Digits, Adam),         RANGE_TEST_ROW(Regression, SGD),
      RANGE_TEST_ROW(Regression, Momentum), RANGE_TEST_ROW(Regression, Adam),
      RANGE_TEST_ROW(Student, SGD),         RANGE_TEST_ROW(Student, Momentum),
      RANGE_TEST_ROW(Student, Adam)};
#undef RANGE_TEST_ROW
  std::vector<Row> r(all.size());
  digits::in_parallel("training", all.size(), threads,
                      [&](std::size_t i) { r[i] = all[i](images, s); });
  return r;
}

}  // namespace range_test
