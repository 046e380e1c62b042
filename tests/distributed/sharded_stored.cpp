// Tests sharded.hpp with state that is stored in other types, and rules that draw at random or
// measure.
#include <gradus/distributed/sharded.hpp>
#include <gradus/gradus.hpp>

#include "support/any_sharded.hpp"
#include "support/catch.hpp"

using namespace gradus;
using support::any_ranks;

TEST_CASE("Sharded: random rounding and noise go by the place among all elements",
          "[distributed]") {
  any_ranks<bfloat16, bfloat16>(Stochastic{AdamW{}, 3});
  any_ranks<float, float>(Chain{GradientNoise{}, stored<Signed8, Positive8>(AdamW{})});
}
TEST_CASE("Sharded: a master of halves, and rules that measure", "[distributed]") {
  any_ranks<bfloat16, float>(Master{Chain{ClipNorm{0.5}, AdamW{}}});
  any_ranks<float, float>(Prodigy{});
}
