// As digest.cpp, of the rules whose lines in every_rule.hpp have a digest of their own.
#include <gradus/gradus.hpp>

#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/every_rule.hpp"
#include "support/registry.hpp"
#include "support/rule_digest.hpp"

using support::digest_of_two;
using support::Inputs;

TEST_CASE("The digest of each rule", "[digest]") {
  const Inputs<float> floats;
  const Inputs<double> doubles;
  support::for_every_rule([&]<class R>(const R& rule, auto... digest) {
    if constexpr (sizeof...(digest) != 0) {
      INFO("the line in tests/support/every_rule.hpp should be f(" << R::name << "{}, `found`)");
      const auto add = [&](std::vector<std::uint64_t>& digests) {
        digests.push_back(digest_of_two<float>(floats, support::registered<float>(rule)));
        digests.push_back(digest_of_two<double>(doubles, support::registered<double>(rule)));
      };
      (support::check_digest(static_cast<std::uint64_t>(digest), add), ...);
    }
  });
}
