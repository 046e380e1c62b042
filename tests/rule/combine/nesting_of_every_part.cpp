// A rule that has every optional part, in every nesting of two and of three wrappers of which the
// innermost is neither a whole chain nor Only; nesting_of_every_part_in_a_chain.cpp has those.
#include "support/rule_of_every_part.hpp"

TEST_CASE("Wrappers around a rule of every part are right or refused, in pairs and triples",
          "[rule]") {
  CHECK(support::nesting::right_around_in_others(support::Full{}) ==
        std::array<std::size_t, 2>{33, 31});
}
