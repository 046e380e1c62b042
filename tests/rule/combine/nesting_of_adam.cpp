// Adam in every nesting of two and of three wrappers.
#include <gradus/rule/adam.hpp>

#include "support/nestings.hpp"

TEST_CASE("Wrappers around Adam are right or refused, in pairs and triples", "[rule]") {
  const gradus::Adam adam{.beta1 = 0.5, .beta2 = 0.75};
  CHECK(support::nesting::right_around(adam) == std::array<std::size_t, 2>{49, 69});
}
