// The rows of the benchmark. Their names are table/rule/variant/n, and each table has a file.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "arrays.hpp"

namespace bench {

void add_rules();    // rules.cpp: every rule, hand-written loops and the bandwidth limit
void add_vectors();  // vectors.cpp: the same on the memory of std::vector
void add_threads();  // threads.cpp: two threads and one
void add_calls();
void add_schedules();  // schedules.cpp: the time of an evaluation
void add_chains();     // chains.cpp: several things in one sweep, and in separate passes
void add_storage();    // storage.cpp: parameters, gradients and state in 16 bits
void add_peers();      // peers.cpp: other libraries, in the tables "rules" and "calls"

/// Runs once, and reports it on stderr if tools/bench asks for the progress. A run that is shorter
/// than the requested time only finds out how often a row must be repeated.
template <class F>
void counted(benchmark::State& state, F& run) {
  static const char* const asked = std::getenv("GRADUS_BENCH_COUNTS");
  const auto start = std::chrono::steady_clock::now();
  run(state);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  if (asked != nullptr && spent.count() >= 0.9 * std::strtod(asked, nullptr))
    std::fputs("measured\n", stderr);
}

/// Registers a row for 10^3 ... 10^7 parameters, or for other powers of ten. It measures wall time,
/// because a caller waits for it, and because threads have no other common time.
template <class F>
void add(const std::string& name, F run, std::int64_t from = 1000, std::int64_t to = 10'000'000) {
  auto* const row = benchmark::RegisterBenchmark(
      name.c_str(),
      [run = std::move(run)](benchmark::State& state) mutable { counted(state, run); });
  for (std::int64_t n = from; n <= to; n *= 10) row->Arg(n);
  row->UseRealTime();
}

/// A row of the table "calls": the time per call, not per parameter.
template <class F>
void add_call(const std::string& name, std::int64_t n, F run) {
  const auto once = [run](benchmark::State& state) {
    run(state);
    state.SetItemsProcessed(state.iterations());
  };
  add("calls/" + name, once, n, n);
}

inline std::size_t size_of(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

/// Times `step(t)` for t = 101, 102, ..., as in the middle of a training.
template <class F>
void run(benchmark::State& state, F&& step) {
  int t = 100;
  for (auto _ : state) {
    step(++t);
    benchmark::ClobberMemory();
  }
}

inline void run_hand(benchmark::State& state, hand::Loop loop, std::size_t slots,
                     Place place = Place::careful) {
  const Arrays x(size_of(state), place);
  run(state, [&](int t) { loop(x.view(), t); });
  finish(state, x.view().n, slots);
}

template <class R>
void run_update(benchmark::State& state, const R& rule, Place place = Place::careful) {
  const Arrays x(size_of(state), place);
  run(state, [&](int t) { update(rule, {static_cast<gradus::step_t>(t), 1e-3}, x); });
  finish(state, x.view().n, gradus::slot_count<R>);
}

/// A row through an Optimizer, which places its state itself.
template <class R, class E = gradus::Seq>
void run_step(benchmark::State& state, const R& rule, Place place, const E& executor = {}) {
  const Arrays x(size_of(state), place);
  gradus::Optimizer optimizer{gradus::Constant{1e-3}, rule, x.p()};
  run(state, [&](int) { optimizer.step(x.p(), x.g(), {}, executor); });
  finish(state, x.view().n, gradus::slot_count<R>);
}

}  // namespace bench
