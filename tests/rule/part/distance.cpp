#include <gradus/rule/part/distance.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::detail::correction;
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

TEST_CASE("Both of Adam's corrections are one factor of the rate", "[distance]") {
  for (const double n : {1.0, 2.0, 10.0, 1e4}) {
    const double expected = std::sqrt(1 - std::pow(0.999, n)) / (1 - std::pow(0.9, n));
    CHECK(correction(0.9, 0.999, n) == Approx(expected).epsilon(1e-12));
  }
  CHECK(correction(0, 0, 1) == 1);
}
