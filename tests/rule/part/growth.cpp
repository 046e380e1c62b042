#include <gradus/rule/part/growth.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::detail::grown;

TEST_CASE("A distance grows to an estimate above it, and no faster than it may", "[distance]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(grown(2, 3, infinity) == 3);
  CHECK(grown(2, 3, 1.25) == 2.5);
  CHECK(grown(2, 3, 1) == 2);
  CHECK(grown(2, 1, infinity) == 2);
  CHECK(grown(2, -1, 1.25) == 2);
  for (const double& nothing : {support::nan<double>(), infinity, -infinity}) {
    CHECK(grown(2, nothing, infinity) == 2);
    CHECK(grown(2, nothing, 1.25) == 2);
  }
}
