#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/chain_kernel.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/stage/clip_value.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

#include <array>
#include <tuple>

#include "support/catch.hpp"

using gradus::Momentum;
using gradus::detail::Offsets;
using gradus::detail::sum_of_first;

namespace {

using Parts = std::tuple<gradus::ClipValue, Momentum, gradus::WeightDecay, gradus::Ema>;
using Begins = Offsets<Parts>;

static_assert(sum_of_first(0, {}) == 0 && sum_of_first(0, {5, 7}) == 0);
static_assert(sum_of_first(1, {5, 7}) == 5 && sum_of_first(2, {5, 7}) == 12);
// The clip and the decay keep nothing; momentum and average have a slot each.
static_assert(Begins::slots<0> == 0 && Begins::slots<1> == 0 && Begins::slots<2> == 1);
static_assert(Begins::slots<3> == 1 && Begins::slots<4> == 2);
static_assert(Begins::scalars<4> == 0 && Begins::span_scalars<4> == 0);

using V = gradus::probe_pack<double>;
double number(const V& v) {
  double r = 0;
  v.store(&r);
  return r;
}

}  // namespace

TEST_CASE("A chain's kernel runs its parts in order, each on its own slots", "[rule]") {
  const gradus::Chain chain{gradus::ClipValue{2}, Momentum{.momentum = 0.5},
                            gradus::WeightDecay{0.5}};
  const auto kernel = chain.prepare<double>(gradus::Context{.rate = 0.25}, gradus::ProbeMeasure{});
  V p(4.0);
  std::array<V, 1> slots{V(3.0)};
  const V step = kernel(p, V(10.0), slots);
  // The clip gives 2, and the velocity is 0.5 * 3 + 2. The decay moves p itself, by rate * 0.5 * p.
  CHECK(number(slots[0]) == 3.5);
  CHECK(number(step) == 0.25 * 3.5);
  CHECK(number(p) == 4 - 0.25 * 0.5 * 4);
}

TEST_CASE("run tells what the rule has seen, and what is left of its step", "[rule]") {
  const gradus::Chain chain{gradus::ClipValue{2}, Momentum{.momentum = 0.5},
                            gradus::WeightDecay{0.5}};
  const auto kernel = chain.prepare<double>(gradus::Context{.rate = 0.25}, gradus::ProbeMeasure{});
  V p(4.0), seen(10.0), step(10.0);
  std::array<V, 1> slots{V(3.0)};
  kernel.run(p, V(10.0), seen, step, slots);
  CHECK(number(seen) == 2);
  CHECK(number(step) == 0.25 * 3.5);
}
