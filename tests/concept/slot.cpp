#include <gradus/concept/slot.hpp>

#include <string>

#include "support/catch.hpp"

using gradus::Name;

static_assert(Name("m").view() == "m" && Name().view().empty());
static_assert(Name("Ema").append("2").append(".average") == Name("Ema2.average"));
static_assert(!(Name("m") == Name("m2")) && !(Name("m") == Name()));

TEST_CASE("Name keeps what fits, and ends", "[slot]") {
  const std::string text(100, 'x');
  CHECK(Name(text.c_str()).view() == text.substr(0, Name::capacity));
  Name name = text.substr(0, Name::capacity - 1).c_str();
  name.append("yz").append("w");
  CHECK(name.view() == text.substr(0, Name::capacity - 1) + "y");
}

TEST_CASE("Slot starts at zero unless it says otherwise", "[slot]") {
  const gradus::Slot slot{"v"};
  CHECK(slot.value == 0);
  CHECK(slot.from == gradus::Slot::From::constant);
}
