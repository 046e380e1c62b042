// The time of a call with little work: ns per call, for 16 or 1,000 parameters, or for many spans.
#include <span>
#include <string>
#include <vector>

#include "bench.hpp"

namespace bench {
namespace {

// Makes the updates 101 to 30,100 again and again: from 37,501 on, Adam computes no power of beta2.
template <class F>
void run_early(benchmark::State& state, F&& step) {
  int t = 100;
  run(state, [&](int) {
    step(t++);
    if (t == 30'100) t = 100;
  });
}

// A step of an Optimizer, early in its training or late.
template <class R>
void run_calls(benchmark::State& state, const R& rule, bool late) {
  const Arrays x(size_of(state));
  gradus::Optimizer optimizer{gradus::Constant{1e-3}, rule, x.p()};
  if (late) optimizer.seek(40'000);
  const auto step = [&](int t) {
    if (!late && t == 100) optimizer.seek(100);
    optimizer.step(x.p(), x.g());
  };
  late ? run(state, step) : run_early(state, step);
}

// 100,000 parameters in spans of the given size.
template <class R>
void run_spans(benchmark::State& state, const R& rule, std::size_t each) {
  const Arrays x(size_of(state));
  std::vector<std::span<float>> params;
  std::vector<std::span<const float>> grads;
  for (std::size_t i = 0; i < x.view().n; i += each) {
    params.push_back(x.p().subspan(i, each));
    grads.push_back(x.g().subspan(i, each));
  }
  gradus::Optimizer optimizer{gradus::Constant{1e-3}, rule, params};
  run(state, [&](int) { optimizer.step(params, grads); });
}

template <class R>
void add_rule(const R& rule, hand::Loop loop) {
  const auto call = [](const char* variant, std::int64_t n, auto run) {
    add_call(std::string(R::name) + "/" + variant, n, run);
  };
  call("prepare", 1, [=](benchmark::State& s) {
    run_early(s, [&](int t) {
      const gradus::Context context{static_cast<gradus::step_t>(t), 1e-3};
      benchmark::DoNotOptimize(rule.template prepare<float>(context));
    });
  });
  call("update", 16, [=](benchmark::State& s) { run_update(s, rule); });
  for (const std::int64_t n : {16, 100, 1000}) {
    call("Optimizer", n, [=](benchmark::State& s) { run_calls(s, rule, false); });
    call("Optimizer late", n, [=](benchmark::State& s) { run_calls(s, rule, true); });
    call("hand -O3 -march=native -fno-math-errno", n, [=](benchmark::State& s) {
      const Arrays x(size_of(s));
      run_early(s, [&](int t) { loop(x.view(), t + 1); });
    });
  }
  call("1 span", 100'000, [=](benchmark::State& s) { run_spans(s, rule, 100'000); });
  call("1000 spans", 100'000, [=](benchmark::State& s) { run_spans(s, rule, 100); });
}

}  // namespace

void add_calls() {
  add_rule(gradus::SGD{}, hand::O3_native_no_errno::loops.sgd);
  add_rule(gradus::Adam{}, hand::O3_native_no_errno::loops.adam);
}

}  // namespace bench
