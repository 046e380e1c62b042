// Every rule, 10^3 to 10^7 parameters of type float, beside hand-written loops and the bandwidth
// limit. Rows are named rule/variant/n; `bytes_per_second` counts the bytes that the rule has to
// move.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdlib>
#include <gradus/gradus.hpp>
#include <memory>
#include <string>
#include <vector>

#include "hand.hpp"

namespace {

// Four arrays that start on a page each, at different places in it: what a careful caller would do,
// for everybody alike.
class Arrays {
 public:
  explicit Arrays(std::size_t n)
      : n_(n),
        skew_((n + 1023) / 1024 * 1024 + 208),
        memory_(allocate(4 * skew_ * sizeof(float)), &std::free) {
    for (std::size_t i = 0; i < n; ++i) {
      p()[i] = static_cast<float>(i % 97) * 0.01f;
      g()[i] = (static_cast<float>(i * 7919 % 2003) - 1000.5f) *
               1e-4f;  // never zero: nor denormal state
      a()[i] = b()[i] = 0.001f;
    }
  }
  float* p() { return at(0); }
  float* g() { return at(1); }
  float* a() { return at(2); }
  float* b() { return at(3); }
  std::size_t size() const { return n_; }
  hand::Arrays view() { return {p(), g(), a(), b(), n_}; }

 private:
  float* at(std::size_t k) { return memory_.get() + k * skew_; }
  static float* allocate(std::size_t bytes) {
    return static_cast<float*>(std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096));
  }

  std::size_t n_, skew_;
  std::unique_ptr<float, decltype(&std::free)> memory_;
};

void finish(benchmark::State& state, std::size_t n, int arrays_of_state) {
  const auto steps = state.iterations() * static_cast<std::int64_t>(n);
  state.SetItemsProcessed(steps);
  state.SetBytesProcessed(steps * (12 + 8 * arrays_of_state));
}

void run_hand(benchmark::State& state, hand::Loop loop, int arrays_of_state) {
  Arrays x(static_cast<std::size_t>(state.range(0)));
  int t = 100;
  for (auto _ : state) {
    loop(x.view(), ++t);
    benchmark::ClobberMemory();
  }
  finish(state, x.size(), arrays_of_state);
}

template <class R>
void run_gradus(benchmark::State& state, const R& rule) {
  Arrays x(static_cast<std::size_t>(state.range(0)));
  const std::span<float> p(x.p(), x.size()), a(x.a(), x.size()), b(x.b(), x.size());
  const std::span<const float> g(x.g(), x.size());
  gradus::Context context{100, 1e-3};
  for (auto _ : state) {
    ++context.t;
    constexpr std::size_t slots = gradus::slot_count<R>;
    if constexpr (slots == 0) gradus::update(rule, context, p, g);
    if constexpr (slots == 1) gradus::update(rule, context, p, g, a);
    if constexpr (slots == 2) gradus::update(rule, context, p, g, a, b);
    benchmark::ClobberMemory();
  }
  finish(state, x.size(), static_cast<int>(gradus::slot_count<R>));
}

// The bandwidth limit is the faster of two builds of the same loop: 256- and 512-bit vectors differ
// by processor and size.
template <class R>
void add(const std::string& name, const R& rule, hand::Loop hand::Loops::* loop,
         hand::Loop hand::Loops::* roof) {
  constexpr int arrays_of_state = static_cast<int>(gradus::slot_count<R>);
  const auto hand_row = [&](const std::string& variant, hand::Loop f) {
    benchmark::RegisterBenchmark((name + "/" + variant).c_str(),
                                 [=](benchmark::State& s) { run_hand(s, f, arrays_of_state); })
        ->RangeMultiplier(10)
        ->Range(1000, 10'000'000);
  };
  hand_row("roof", hand::O3_native::loops.*roof);
  hand_row("roof-wide", hand::O3_native_wide::loops.*roof);
  benchmark::RegisterBenchmark((name + "/gradus").c_str(),
                               [=](benchmark::State& s) { run_gradus(s, rule); })
      ->RangeMultiplier(10)
      ->Range(1000, 10'000'000);
  hand_row("hand -O2", hand::O2::loops.*loop);
  hand_row("hand -O3 -march=native", hand::O3_native::loops.*loop);
  hand_row("hand -O3 -march=native -fno-math-errno", hand::O3_native_no_errno::loops.*loop);
  hand_row("hand -Ofast -march=native", hand::Ofast_native::loops.*loop);
  if (loop != &hand::Loops::adam) return;
  hand_row("textbook -O2", hand::O2::loops.adam_textbook);
  hand_row("textbook -O3 -march=native", hand::O3_native::loops.adam_textbook);
  hand_row("textbook -O3 -march=native -fno-math-errno",
           hand::O3_native_no_errno::loops.adam_textbook);
  hand_row("textbook -Ofast -march=native", hand::Ofast_native::loops.adam_textbook);
}

}  // namespace

int main(int argc, char** argv) {
  using hand::Loops;
  add("SGD", gradus::SGD{}, &Loops::sgd, &Loops::roof0);
  add("Momentum", gradus::Momentum{}, &Loops::momentum, &Loops::roof1);
  add("Nesterov", gradus::Nesterov{}, &Loops::nesterov, &Loops::roof1);
  add("Adagrad", gradus::Adagrad{}, &Loops::adagrad, &Loops::roof1);
  add("RMSprop", gradus::RMSprop{}, &Loops::rmsprop, &Loops::roof1);
  add("Adam", gradus::Adam{}, &Loops::adam, &Loops::roof2);
  add("AdamW", gradus::AdamW{}, &Loops::adamw, &Loops::roof2);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("gradus_isa", gradus::simd::name(gradus::simd::current()));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
