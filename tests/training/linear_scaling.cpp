#include <gradus/training/linear_scaling.hpp>

#include <cstddef>
#include <utility>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::linear_scaling;

namespace {

static_assert(linear_scaling(0.1, 256, 256) == 0.1);
static_assert(linear_scaling(0.1, 8192, 256) == 32 * 0.1);  // Goyal et al.
static_assert(linear_scaling(0.5, 64, 256) == 0.125);
static_assert(linear_scaling(0, 64, 256) == 0);

}  // namespace

TEST_CASE("linear_scaling takes any integers", "[loop]") {
  CHECK(linear_scaling(0.25, std::size_t{1024}, 256) == 1);
  CHECK(linear_scaling(1, std::int64_t{1} << 40, 1U) == 0x1p40);
  CHECK(linear_scaling(3, 1, 3) == Approx(1));
}

TEST_CASE("linear_scaling names what is wrong", "[loop]") {
  CHECK_THROWS_WITH(linear_scaling(-1, 1, 1),
                    "gradus::linear_scaling.rate must be finite and >= 0 (got -1)");
  CHECK_THROWS_WITH(linear_scaling(support::nan<double>(), 1, 1),
                    "gradus::linear_scaling.rate must be finite and >= 0 (got nan)");
  CHECK_THROWS_WITH(linear_scaling(1, 0, 1), "gradus::linear_scaling.batch must be > 0 (got 0)");
  CHECK_THROWS_WITH(linear_scaling(1, 1, 0),
                    "gradus::linear_scaling.reference must be > 0 (got 0)");
  CHECK_THROWS_WITH(linear_scaling(1, 1, std::size_t{0} - 3),
                    "gradus::linear_scaling.reference must be > 0 (got -3)");
}
