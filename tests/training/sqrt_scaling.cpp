#include <gradus/training/sqrt_scaling.hpp>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::sqrt_scaling;

namespace {

static_assert(sqrt_scaling(0.1, 256, 256) == 0.1);
static_assert(sqrt_scaling(0.1, 1024, 256) == 0.2);
static_assert(sqrt_scaling(1, 64, 256) == 0.5);
static_assert(sqrt_scaling(1, 2, 1) == 0x1.6a09e667f3bcdp0);

}  // namespace

TEST_CASE("sqrt_scaling has the same bits at compile time and at run time", "[loop]") {
  for (const int batch : {1, 2, 3, 7, 100}) {
    const double expected = std::sqrt(batch / 3.0) * 0.25;
    CHECK(sqrt_scaling(0.25, batch, 3) == expected);
  }
  volatile int batch = 7;
  constexpr double known = sqrt_scaling(0.3, 7, 3);
  CHECK(sqrt_scaling(0.3, int{batch}, 3) == known);
}

TEST_CASE("sqrt_scaling names what is wrong", "[loop]") {
  CHECK_THROWS_WITH(sqrt_scaling(support::infinity<double>(), 1, 1),
                    "gradus::sqrt_scaling.rate must be finite and >= 0 (got inf)");
  CHECK_THROWS_WITH(sqrt_scaling(1, -2, 1), "gradus::sqrt_scaling.batch must be > 0 (got -2)");
  CHECK_THROWS_WITH(sqrt_scaling(1, 1, 0), "gradus::sqrt_scaling.reference must be > 0 (got 0)");
}
