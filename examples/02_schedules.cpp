// Prints schedules of the library as a table of rates. A schedule is a plain function of the step
// without state: it can be evaluated at any step, in any order, and also by the compiler. The
// program checks each row at step 60 against the formula in the last column of `rows`.
#include <fmt/core.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <gradus/gradus.hpp>
#include <numbers>
#include <vector>

using namespace gradus;

// Lengths add up: ten steps of warmup and a cosine of 90 make 100.
constexpr Warmup warm_cosine{.steps = 10, .schedule = Cosine{.start = 1, .end = 0.1, .steps = 90}};
static_assert(warm_cosine(0) == 0.1 && warm_cosine(9) == 1 && warm_cosine(100) == 0.1);

struct Row {
  const char* name;
  std::function<double(step_t)> schedule;  // holds any schedule, because all are functions
  double at_60;
};

int main() {
  const std::vector<Row> rows = {
      {"Constant", Constant{0.5}, 0.5},
      {"StepDecay", StepDecay{.start = 1, .every = 25, .factor = 0.5}, 0.25},
      {"Exponential", Exponential{.start = 1, .decay = 0.02}, std::exp(-0.02 * 60)},
      {"InverseTime", InverseTime{.start = 1, .decay = 0.05}, 1 / (1 + 0.05 * 60)},
      {"Cosine", Cosine{.start = 1, .steps = 90}, (1 + std::cos(std::numbers::pi * 60 / 90)) / 2},
      {"Cyclical", Cyclical{.low = 0.1, .high = 1, .up = 20}, 0.1 + 0.9 * 1},
      {"  halving", Cyclical{.low = 0.1, .high = 1, .up = 20, .shape = Cycle::triangular2},
       0.1 + 0.9 / 2},
      {"Warmup", warm_cosine, 0.1 + 0.9 * (1 + std::cos(std::numbers::pi * 50 / 90)) / 2},
      {"Sequence", Sequence{For{50, Constant{1}}, Cosine{.start = 1, .steps = 50}},
       (1 + std::cos(std::numbers::pi * 10 / 50)) / 2},
      {"  shortly", flat_then_cosine(1, 50, 50), (1 + std::cos(std::numbers::pi * 10 / 50)) / 2},
      {"Ramp", Ramp{.start = 1, .end = 0.01, .steps = 80, .curve = Curve::geometric},
       std::pow(0.01, 0.75)},
      {"  1 - sqrt", warmup_stable_decay(1, 10, 40, 40, 0, Curve::root), 1 - std::sqrt(0.25)},
      {"Repeat", Repeat{Cosine{.start = 1, .steps = 40}}, 0.5},
      {"Reverse", Reverse{Cosine{.start = 1, .steps = 120}}, 0.5},
      {"Shift", Shift{Cosine{.start = 1, .steps = 50}, 35}, 0.5},
      {"Stretch", Stretch{Cosine{.start = 1, .steps = 20}, 1, 6}, 0.5},
      {"Clamp", Clamp{Cosine{.start = 1, .steps = 90}, 0.4, 0.6}, 0.4},
      {"product", product(Cosine{.start = 1, .steps = 120}, Constant{0.5}), 0.25},
      {"PerEpoch", PerEpoch{.steps = 25, .schedule = Exponential{.start = 1, .decay = 0.5}},
       std::exp(-0.5 * 2)},
      {"a lambda", [](step_t t) { return t < 75 ? 0.8 : 0.2; }, 0.8},
  };
  const step_t steps[] = {0, 5, 9, 10, 20, 30, 40, 50, 60, 80, 100, 1'000'000};

  fmt::print("{:<12}", "step");
  for (const step_t t : steps) fmt::print("{:>8}", t);
  for (const Row& row : rows) {
    fmt::print("\n{:<12}", row.name);
    for (const step_t t : steps) fmt::print("{:8.4f}", row.schedule(t));
  }
  fmt::print("\n");

  for (const Row& row : rows) {
    if (!(std::abs(row.schedule(60) - row.at_60) < 1e-12)) {
      fmt::print(stderr, "{} is {} at step 60, not {}\n", row.name, row.schedule(60), row.at_60);
      return 1;
    }
  }
}
