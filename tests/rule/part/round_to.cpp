#include <gradus/rule/part/round_to.hpp>

#include <limits>

#include <gradus/optimizer.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/schedule/constant.hpp>

#include "support/catch.hpp"

using gradus::detail::round_to;

static_assert(round_to<float>(0.1) == 0.1f && round_to<double>(0.1) == 0.1);
static_assert(round_to<float>(1e39) == std::numeric_limits<float>::max());
static_assert(round_to<float>(-1e39) == -std::numeric_limits<float>::max());

TEST_CASE("A rate that is huge once corrected leaves parameters without gradient alone",
          "[optimizer]") {
  std::vector<float> p{0, 1}, g{0, 0};
  gradus::Optimizer adam{gradus::Constant{1e38}, gradus::AdamW{.weight_decay = 0}, p};
  adam.step(p, g);
  CHECK(p == std::vector<float>{0, 1});
  gradus::Optimizer decayed{gradus::Constant{1e30}, gradus::AdamW{.weight_decay = 1e30}, p};
  decayed.step(p, g);
  CHECK(p[0] == 0);
}
