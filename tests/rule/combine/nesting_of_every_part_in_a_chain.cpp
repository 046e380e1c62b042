// A rule that has every optional part, in every nesting of two and of three wrappers of which the
// innermost is a whole chain or Only.
#include "support/rule_of_every_part.hpp"

TEST_CASE("Wrappers around a chain of every part are right or refused, in pairs and triples",
          "[rule]") {
  CHECK(support::nesting::right_around_in_a_chain(support::Full{}) ==
        std::array<std::size_t, 2>{16, 38});
}
