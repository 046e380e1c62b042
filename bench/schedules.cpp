// The time of an evaluation: ns per evaluation, one after another, at steps in random order.
#include <array>
#include <string>
#include <type_traits>

#include "bench.hpp"

namespace bench {
namespace {

// Steps from 0 to 20,000, twice the length of the schedules below.
std::array<gradus::step_t, 1024> steps() {
  std::array<gradus::step_t, 1024> r{};
  std::uint32_t x = 1;
  for (gradus::step_t& t : r) t = (x = x * 1'664'525U + 1'013'904'223U) % 20'000U;
  return r;
}

// Each evaluation waits for the previous rate, as in a training.
template <class S>
void add_row(const std::string& label, const S& schedule) {
  const auto row = [=](benchmark::State& state) {
    const auto all = steps();
    S s = schedule;
    std::size_t i = 0;
    double sum = 0;
    for (auto _ : state) {
      benchmark::DoNotOptimize(s);
      sum += s(all[i++ % all.size()]);
      benchmark::DoNotOptimize(sum);
    }
    state.SetItemsProcessed(state.iterations());
  };
  add("schedules/" + label + "/evaluation", row, 1, 1);
}

}  // namespace

void add_schedules() {
  using namespace gradus;  // NOLINT: a table of expressions
  constexpr int n = 10'000;
  add_row("Constant", Constant{1e-3});
  add_row("Linear", Linear{.start = 1e-3, .end = 1e-5, .steps = n});
  add_row("Polynomial, power 2", Polynomial{.start = 1e-3, .steps = n, .power = 2});
  add_row("Geometric", Geometric{.start = 1e-3, .end = 1e-5, .steps = n});
  add_row("Cosine", Cosine{.start = 1e-3, .end = 1e-5, .steps = n});
  add_row("CosineRestarts", CosineRestarts{.start = 1e-3, .steps = 500, .growth = 2});
  add_row("Cyclical", Cyclical{.low = 1e-4, .high = 1e-3, .up = 500});
  add_row("OneCycle", OneCycle{.peak = 1e-3, .steps = n});
  add_row("StepDecay", StepDecay{.start = 1e-3, .every = 3'000});
  add_row("MultiStep", MultiStep{.start = 1e-3, .boundaries = {3'000, 6'000, 8'000}});
  add_row("PiecewiseConstant",
          PiecewiseConstant{.start = 1e-3, .points = {{3'000, 1e-4}, {6'000, 1e-5}}});
  add_row("Points", Points{.points = {{0, 1e-4}, {500, 1e-3}, {n, 0}}});
  add_row("Exponential", Exponential{.start = 1e-3, .decay = 1e-4});
  add_row("ExponentialDecay", ExponentialDecay{.start = 1e-3, .factor = 0.96, .every = 1'000});
  add_row("InverseTime", InverseTime{.start = 1e-3, .decay = 1e-3});
  add_row("InverseSqrt", InverseSqrt{.start = 1e-3, .tau = 1'000});
  add_row("Noam", Noam{.size = 512, .warmup = 4'000});
  add_row("Tanh", Tanh{.start = 1e-3, .steps = n});
  add_row("Sigmoid", Sigmoid{.start = 1e-3, .slope = 1e-3, .middle = 5'000});
  add_row("Rex", Rex{.start = 1e-3, .steps = n});
  add_row("Warmup and Cosine", Warmup{500, Cosine{.start = 1e-3, .end = 1e-5, .steps = 9'500}});
  add_row("WSD: warmup, flat, root", warmup_stable_decay(1e-3, 500, 8'500, 1'000, 0, Curve::root));
}

}  // namespace bench
