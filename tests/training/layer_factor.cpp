#include <gradus/training/layer_factor.hpp>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::layer_factor;

TEST_CASE("layer_factor refuses counts that have wrapped round", "[layer_factor]") {
  const unsigned none = 0;
  CHECK_THROWS_WITH(gradus::layer_factor(0, none - 1, 0.5),
                    "gradus::layer_factor.layers must be >= 0 (got -1)");
  CHECK_THROWS_WITH(gradus::layer_factor(none - 1, 5, 0.5),
                    "gradus::layer_factor.layer must be >= 0 (got -1)");
}

TEST_CASE("Each layer's factor is the next one's times the decay", "[layer_factor]") {
  static_assert(layer_factor(11, 12, 0.75) == 1);
  static_assert(layer_factor(0, 3, 0.5) == 0.25);
  // Python: [0.75 ** (13 - k) for k in (0, 5, 12)], and 0.65 ** 24
  CHECK(layer_factor(0, 14, 0.75) == 0.023757264018058777);
  CHECK(layer_factor(5, 14, 0.75) == 0.1001129150390625);
  CHECK(layer_factor(12, 14, 0.75) == 0.75);
  CHECK(layer_factor(0, 25, 0.65) == 3.2353447101972754e-05);
  CHECK(layer_factor(0, 1, 0.5) == 1);
  CHECK(layer_factor(0, 100, 1) == 1);
}

TEST_CASE("layer_factor refuses a layer that is none, and a decay that is none", "[layer_factor]") {
  CHECK_THROWS_WITH(layer_factor(3, 3, 0.5),
                    "gradus::layer_factor.layer must be below the number of layers (got 3)");
  CHECK_THROWS_WITH(layer_factor(0, 0, 0.5),
                    "gradus::layer_factor.layer must be below the number of layers (got 0)");
  for (const double decay : {0.0, -0.5, 1.01, support::nan<double>(), support::infinity<double>()})
    CHECK_THROWS_WITH(layer_factor(0, 3, decay),
                      Catch::Matchers::StartsWith("gradus::layer_factor.decay must be in (0, 1]"));
}
