#include <gradus/schedule/shape/rate.hpp>

#include <limits>
#include <string>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::detail::check_rate;
using gradus::detail::times;

// The product is rounded to T once, not first the factor and then the product.
static_assert(times(0.1F, 0.1) == static_cast<float>(static_cast<double>(0.1F) * 0.1));
static_assert(times(0.1F, 0.1) != 0.1F * 0.1F);
static_assert(times(0.75, 0.5) == 0.375 && times(0.0, 1e300) == 0);

TEMPLATE_TEST_CASE("A rate is finite and not negative", "[schedule]", float, double) {
  using T = TestType;
  for (const T& x :
       {T{0}, T{1}, std::numeric_limits<T>::denorm_min(), std::numeric_limits<T>::max()})
    CHECK_FALSE(check_rate("S", "start", x));
  for (const T& x :
       {T{-1}, -std::numeric_limits<T>::denorm_min(), support::infinity<T>(), support::nan<T>()}) {
    const gradus::Fault fault = check_rate("S", "start", x);
    REQUIRE(fault);
    CHECK(std::string(fault.field) == "start");
    CHECK(std::string(fault.rule) == "must be finite and >= 0");
  }
}
