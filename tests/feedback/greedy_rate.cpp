#include <gradus/feedback/greedy_rate.hpp>

#include <array>
#include <bit>
#include <limits>

#include "support/feedback_data.hpp"

using gradus::Goal;
using gradus::GreedyRate;
using gradus::Margin;

TEST_CASE("GreedyRate rises and falls as Hugging Face's does", "[feedback]") {
  const GreedyRate d{.start = 0.1, .floor = 1e-3, .ceiling = 1};
  support::follows("greedy", d);
  GreedyRate r = d;
  r.factor = 0.7, r.patience = 1, r.floor = 0.01, r.ceiling = 0.3, r.reset = 3;
  support::follows("greedy_fast", r);
  r = d, r.factor = 0.8, r.patience = 0, r.cooldown = 3, r.warmup = 2, r.floor = 0.02, r.reset = 2;
  support::follows("greedy_waits", r);
  r = d, r.goal = Goal::max, r.factor = 0.9, r.patience = 2, r.threshold = 0.01, r.floor = 0.05;
  support::follows("greedy_max", r);
  r = d, r.factor = 0.9, r.patience = 1, r.threshold = 0.02, r.margin = Margin::relative;
  support::follows("greedy_relative", r);
}

TEST_CASE("GreedyRate at its ends", "[feedback]") {
  GreedyRate r{.factor = 0.5, .patience = 0, .floor = 0.3, .ceiling = 3, .reset = 0};
  CHECK((r(8) == 2 && r(7) == 3 && r(6) == 3));
  CHECK((r(6) == 1.5 && r(6) == 0.75 && r(6) == 0.375 && r(6) == 0.3 && r(6) == 0.3));
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK((r(nan) == 0.3 && r(5) == 0.6 && r(nan) == 0.3));
  CHECK(std::bit_cast<std::array<double, 6>>(r.state)[1] == 5);
  r.reset = 2, r.state.at_floor = 1;
  CHECK((r(nan) == 1 && r(100) == 2));  // from the start, the best forgotten
}

TEST_CASE("GreedyRate refuses bad fields", "[feedback]") {
  const auto says = [](GreedyRate r, const char* sentence) {
    CHECK_THROWS_WITH(r.value(), sentence);  // before the first metric
    CHECK_THROWS_WITH(r(1), sentence);
  };
  says({.factor = 1.5}, "gradus::GreedyRate.factor must be in (0, 1) (got 1.5)");
  says({.patience = -1}, "gradus::GreedyRate.patience must be >= 0 (got -1)");
  says({.threshold = -1}, "gradus::GreedyRate.threshold must be finite and >= 0 (got -1)");
  says({.cooldown = -1}, "gradus::GreedyRate.cooldown must be >= 0 (got -1)");
  says({.warmup = -1}, "gradus::GreedyRate.warmup must be >= 0 (got -1)");
  says({.start = -1}, "gradus::GreedyRate.start must be finite and > 0 (got -1)");
  says({.floor = 1.5}, "gradus::GreedyRate.floor must be <= start (got 1.5)");
  says({.ceiling = 0.5}, "gradus::GreedyRate.ceiling must be >= start (got 0.5)");
  says({.least_change = -1}, "gradus::GreedyRate.least_change must be finite and >= 0 (got -1)");
  says({.reset = -1}, "gradus::GreedyRate.reset must be >= 0 (got -1)");
}
