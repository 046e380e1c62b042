// Adam in every nesting of two and of three wrappers of which the innermost is neither a whole
// chain nor Only; nesting_of_adam_in_a_chain.cpp has those.
#include <gradus/rule/adam.hpp>

#include "support/nestings.hpp"

TEST_CASE("Wrappers around Adam are right or refused, in pairs and triples", "[rule]") {
  const gradus::Adam adam{.beta1 = 0.5, .beta2 = 0.75};
  CHECK(support::nesting::right_around_in_others(adam) == std::array<std::size_t, 2>{33, 31});
}
