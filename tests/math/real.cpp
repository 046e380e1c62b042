#include <gradus/math/real.hpp>
#include <type_traits>

#include "support/catch.hpp"

TEST_CASE("Real is float and double alone", "[math]") {
  STATIC_REQUIRE(gradus::Real<float>);
  STATIC_REQUIRE(gradus::Real<double>);
  STATIC_REQUIRE_FALSE(gradus::Real<long double>);
  STATIC_REQUIRE_FALSE(gradus::Real<int>);
  STATIC_REQUIRE_FALSE(gradus::Real<const float>);
  STATIC_REQUIRE_FALSE(gradus::Real<const double>);
  STATIC_REQUIRE(std::is_same_v<gradus::real<float>, float>);
}
