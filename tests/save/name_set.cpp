#include <gradus/save/name_set.hpp>

#include <string>

#include "support/catch.hpp"

TEST_CASE("NameSet: each name once, also after it has grown", "[io]") {
  gradus::io::detail::NameSet names;
  CHECK_FALSE(names.contains(""));
  CHECK(names.insert(""));
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "span." + std::to_string(i);
    REQUIRE_FALSE(names.contains(name));
    REQUIRE(names.insert(name));
    REQUIRE_FALSE(names.insert(name));
  }
  for (int i = 0; i < 1000; ++i) REQUIRE(names.contains("span." + std::to_string(i)));
  CHECK(names.contains(""));
  CHECK_FALSE(names.contains("span.1000"));
}
