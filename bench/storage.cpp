// Streams of fewer bytes: Adam with parameters, gradients and state in smaller types.
#include <string>
#include <vector>

#include "bench.hpp"

namespace bench {
namespace {

template <class P, class G, class R>
void add_row(const std::string& variant, std::size_t bytes, const R& rule) {
  add("storage/Adam/" + variant, [=](benchmark::State& state) {
    const std::size_t n = size_of(state);
    std::vector<P> p(n, P(0.5F));
    const std::vector<G> g(n, G(0.01F));
    gradus::Optimizer optimizer{gradus::Constant{1e-5}, rule, p};
    run(state, [&](int) { optimizer.step(p, g); });
    const auto items = state.iterations() * static_cast<std::int64_t>(n);
    state.SetItemsProcessed(items);
    state.SetBytesProcessed(items * static_cast<std::int64_t>(bytes));
  });
}

}  // namespace

void add_storage() {
  using gradus::bfloat16, gradus::float16, gradus::stored;
  const gradus::Adam adam;
  add_row<float, float>("float", 28, adam);
  add_row<float, float>("m in bfloat16", 24, stored<bfloat16, float>(adam));
  add_row<float, float>("m and v in float16", 20, stored<float16>(adam));
  using gradus::Signed8, gradus::Positive8;
  add_row<float, float>("m and v in 8 bits", 16, stored<Signed8, Positive8>(adam));
  add_row<float, bfloat16>("m and v in 8 bits, gradients in bfloat16", 14,
                           stored<Signed8, Positive8>(adam));
  add_row<float, float>("m and v in bfloat16, at random", 20,
                        gradus::Stochastic{stored<bfloat16>(adam)});
  add_row<bfloat16, bfloat16>("all in bfloat16", 14, stored<bfloat16>(adam));
  add_row<bfloat16, bfloat16>("all in bfloat16, at random", 14,
                              gradus::Stochastic{stored<bfloat16>(adam)});
  add_row<bfloat16, bfloat16>("bfloat16 with a float master", 30, gradus::Master{adam});
  add_row<bfloat16, bfloat16>("all in bfloat16, compensated", 18,
                              gradus::Compensated{stored<bfloat16>(adam)});
  add_row<float16, float16>("all in float16", 14, stored<float16>(adam));
}

}  // namespace bench
