// Two threads compared with one: gradus through an Optimizer, and the bandwidth limit, divided in
// the same way.
#include <omp.h>
#include <unistd.h>

#include <cstddef>
#include <gradus/exec/openmp.hpp>
#include <string>

#include "bench.hpp"

namespace bench {
namespace {

// The loop on one stretch of the arrays for each thread, cut at cache lines.
void share_out(hand::Loop loop, const hand::Arrays& x, int threads) {
  if (threads == 1) return loop(x, 0);
#pragma omp parallel num_threads(threads)
  {
    const auto team = static_cast<std::size_t>(omp_get_num_threads());
    const auto one = static_cast<std::size_t>(omp_get_thread_num());
    const auto cut = [&](std::size_t i) { return i == team ? x.n : x.n / team * i / 16 * 16; };
    const std::size_t at = cut(one);
    loop({x.p + at, x.g + at, x.a + at, x.b + at, cut(one + 1) - at}, 0);
  }
}

void run_limit(benchmark::State& state, hand::Loop loop, std::size_t slots, int threads) {
  const Arrays x(size_of(state));
  run(state, [&](int) { share_out(loop, x.view(), threads); });
  finish(state, x.view().n, slots);
}

template <class R>
void add_rule(const R& rule, hand::Loop hand::Loops::* roof, std::int64_t most) {
  for (const int threads : {1, 2}) {
    const auto row = [&](const std::string& variant, auto run) {
      const auto name = std::string("threads/") + R::name + "/" + variant + " on ";
      add(name + std::to_string(threads), run, 100'000, most);
    };
    const auto limit = [&](const char* variant, hand::Loop loop) {
      row(variant,
          [=](benchmark::State& s) { run_limit(s, loop, gradus::slot_count<R>, threads); });
    };
    limit("limit", hand::O3_native::loops.*roof);
    limit("limit, wide", hand::O3_native_wide::loops.*roof);
    row("gradus", [=](benchmark::State& s) {
      if (threads == 1) return run_step(s, rule, Place::careful);
      run_step(s, rule, Place::careful, gradus::OpenMP{threads});
    });
  }
}

}  // namespace

void add_threads() {
  using hand::Loops;
  add_rule(gradus::SGD{}, &Loops::roof0, 10'000'000);
  add_rule(gradus::Momentum{}, &Loops::roof1, 10'000'000);
  // The arrays take 2 GB, and the state of an Optimizer 0.8 GB.
  const bool room = sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE) > 4'000'000'000;
  add_rule(gradus::Adam{}, &Loops::roof2, room ? 100'000'000 : 10'000'000);
}

}  // namespace bench
