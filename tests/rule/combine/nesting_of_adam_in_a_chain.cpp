// Adam in every nesting of two and of three wrappers of which the innermost is a whole chain or
// Only.
#include <gradus/rule/adam.hpp>

#include "support/nestings.hpp"

TEST_CASE("Wrappers around Adam in a chain are right or refused, in pairs and triples", "[rule]") {
  const gradus::Adam adam{.beta1 = 0.5, .beta2 = 0.75};
  CHECK(support::nesting::right_around_in_a_chain(adam) == std::array<std::size_t, 2>{16, 38});
}
