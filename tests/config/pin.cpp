#include <gradus/config/pin.hpp>

#include "support/catch.hpp"
#include "support/digest.hpp"

TEMPLATE_TEST_CASE("A pin leaves every number as it is", "[simd]", float, double) {
  support::default_environment();
  support::Random random;
  for (int i = 0; i < 1000; ++i) {
    TestType x = random.any<TestType>(), y = random.any<TestType>();
    const auto bits = support::to_bits(x), others = support::to_bits(y);
    GRADUS_PIN_SCALAR(x);
    CHECK(support::to_bits(x) == bits);
    GRADUS_PIN_SCALARS(x, y);
    CHECK((support::to_bits(x) == bits && support::to_bits(y) == others));
  }
}

TEST_CASE("A pin keeps a product from being fused with what follows", "[simd]") {
  volatile double a = 1 + 0x1p-27, c = 1 + 0x1p-26;
  double product = a * a;
  GRADUS_PIN_SCALAR(product);
  CHECK(product - c == 0);
}
