#include <gradus/concept/executor.hpp>
#include <gradus/exec/seq.hpp>

#include <vector>

#include "support/catch.hpp"

static_assert(gradus::Executor<gradus::Seq>);

TEST_CASE("seq runs in order, each index once", "[exec]") {
  for (const std::size_t n : {0U, 1U, 5U}) {
    std::vector<std::size_t> seen;
    gradus::seq(n, [&](std::size_t i) { seen.push_back(i); });
    REQUIRE(seen.size() == n);
    for (std::size_t i = 0; i < n; ++i) CHECK(seen[i] == i);
  }
}
