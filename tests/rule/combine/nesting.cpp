#include <gradus/rule/combine/nesting.hpp>
#include <gradus/rule/sgd.hpp>

#include "support/nestings.hpp"

// Of 100 pairs and 512 triples; all others are refused. The other rules have files of their own,
// because one takes hundreds of megabytes to compile.
TEST_CASE("Wrappers around SGD are right or refused, in pairs and triples", "[rule]") {
  CHECK(support::nesting::right_around(gradus::SGD{}) == std::array<std::size_t, 2>{41, 50});
}
