// One fused chain (unscale, clip by the global norm, AdamW, average of the parameters), compared
// with hand-written loops: in separate passes, and fused.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench.hpp"

namespace bench {
namespace {

// The norm reads the gradients. Then the gradients, the parameters, two states and the average are
// read, and all except the gradients are written.
constexpr std::int64_t bytes = 40;

auto chain() {
  return gradus::Chain{gradus::ClipNorm{hand::limit}, gradus::AdamW{}, gradus::Ema{0.999}};
}

template <class Step>
void run_chain(benchmark::State& state, const Arrays& x, const Step& step) {
  run(state, step);
  const auto items = state.iterations() * static_cast<std::int64_t>(x.view().n);
  state.SetItemsProcessed(items);
  state.SetBytesProcessed(items * bytes);
}

template <class Optimizer>
void advance(Optimizer& optimizer, const Arrays& x) {
  optimizer.step(x.p(), x.g(), {.scale = 1 / static_cast<double>(hand::loss_scale)});
}

std::vector<float> copy(std::span<const float> x) { return {x.begin(), x.end()}; }

// The parameters, then their average, after ten steps with a loss scale of 4. Each step fills in
// the gradients again, because a loop may change them.
template <class Step>
std::vector<float> ten_steps(const Arrays& x, const float* average, const Step& step) {
  const std::vector<float> gradients = copy(x.g());
  hand::loss_scale = 4;
  for (int t = 1; t <= 10; ++t) {
    std::copy(gradients.begin(), gradients.end(), x.view().g);
    step(t);
  }
  hand::loss_scale = 1;
  std::vector<float> r = copy(x.p());
  r.insert(r.end(), average, average + r.size());
  return r;
}

// The compared loops must compute the same: they must end within 1e-6 of gradus.
void require_same(const char* variant, hand::Loop loop) {
  constexpr std::size_t n = 1000;
  std::vector<float> wanted;
  {
    const Arrays x(n);
    gradus::Optimizer optimizer{gradus::Constant{1e-3}, chain(), x.p()};
    wanted =
        ten_steps(x, optimizer.slot("Ema.average").data(), [&](int) { advance(optimizer, x); });
  }
  const Arrays x(n);  // the same memory
  std::fill_n(x.view().a, n, 0.0F);
  std::fill_n(x.view().b, n, 0.0F);
  const auto got = ten_steps(x, x.view().e, [&](int t) { loop(x.view(), t); });
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (std::fabs(got[i] - wanted[i]) <= 1e-6F) continue;
    std::fprintf(stderr, "gradus_bench: the chain, %s: element %zu is %g, not %g\n", variant, i,
                 static_cast<double>(got[i]), static_cast<double>(wanted[i]));
    std::exit(1);
  }
}

void add_row(const std::string& variant, hand::Loop loop) {
  add("chains/AdamW/" + variant, [=](benchmark::State& state) {
    const Arrays x(size_of(state));
    run_chain(state, x, [&](int t) { loop(x.view(), t); });
  });
}

}  // namespace

void add_chains() {
  add_row("limit", hand::O3_native::loops.chain_roof);
  add_row("limit, wide", hand::O3_native_wide::loops.chain_roof);
  add("chains/AdamW/gradus", [](benchmark::State& state) {
    const Arrays x(size_of(state));
    gradus::Optimizer optimizer{gradus::Constant{1e-3}, chain(), x.p()};
    run_chain(state, x, [&](int) { advance(optimizer, x); });
  });
  const auto hand_row = [](const std::string& variant, hand::Loop loop) {
    require_same(variant.c_str(), loop);
    add_row(variant, loop);
  };
  const auto hand_rows = [&](const std::string& flags, const hand::Loops& loops) {
    hand_row("hand, a pass each " + flags, loops.chain_passes);
    hand_row("hand, fused " + flags, loops.chain_fused);
  };
  hand_rows("-O2", hand::O2::loops);
  hand_rows("-O3 -march=native", hand::O3_native::loops);
  hand_rows("-O3 -march=native -fno-math-errno", hand::O3_native_no_errno::loops);
  hand_rows("-Ofast -march=native", hand::Ofast_native::loops);
}

}  // namespace bench
