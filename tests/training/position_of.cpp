#include <gradus/training/position_of.hpp>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::position_of;
using gradus::step_t;

namespace {

static_assert(position_of(0, 7) == 0 && position_of(1, 7) == 7 && position_of(0.5, 7) == 4);
static_assert(position_of(0.5 - 0x1p-54, 1) == 0 && position_of(0.5, 1) == 1);
static_assert(position_of(1, gradus::last_step) == gradus::last_step);

}  // namespace

TEST_CASE("position_of is exact at both ends, nearest between them, and monotone", "[position]") {
  for (const step_t n : {step_t{1}, step_t{2}, step_t{999}, (step_t{1} << 53) + 1,
                         (step_t{1} << 62) + 12'345, gradus::last_step}) {
    CAPTURE(n);
    CHECK(position_of(0, n) == 0);
    CHECK(position_of(-0.0, n) == 0);
    CHECK(position_of(1, n) == n);
    CHECK(position_of(1.0000001, n) == n);  // the last batch is often larger than what was left
    CHECK(position_of(support::infinity<double>(), n) == n);
    step_t before = 0;
    for (int k = 0; k <= 1'000; ++k) {
      const step_t at = position_of(k / 1'000.0, n);
      CHECK((at >= before && at <= n));
      before = at;
    }
  }
  for (step_t k = 0; k <= 999; ++k) CHECK(position_of(static_cast<double>(k) / 999, 999) == k);
}

TEST_CASE("position_of refuses what is no progress", "[position]") {
  CHECK_THROWS_WITH(position_of(-0.1, 5), "gradus::position_of.progress must be >= 0 (got -0.1)");
  CHECK_THROWS_WITH(position_of(support::nan<double>(), 5),
                    "gradus::position_of.progress must be >= 0 (got nan)");
  CHECK_THROWS_WITH(position_of(0.5, 0), "gradus::position_of.steps must be > 0 (got 0)");
  CHECK_THROWS_WITH(position_of(0.5, -1), "gradus::position_of.steps must be > 0 (got -1)");
}
