#include <gradus/tune/setting.hpp>

#include <string>

#include "support/catch.hpp"

using gradus::tune::Setting;
using gradus::tune::Stop;

TEST_CASE("A setting gives its values by name", "[tune][search]") {
  const Setting s(7, {{"rate", 0.1}, {"warmup", 20.0}, {"schedule", "cosine(1, 0, 10)"}});
  CHECK(s.trial() == 7);
  CHECK((s["rate"] == 0.1 && s["warmup"] == 20 && s.whole("warmup") == 20));
  CHECK(s.text("schedule") == "cosine(1, 0, 10)");
}

TEST_CASE("A setting stops the search for what it does not have", "[tune][search]") {
  const Setting s(7, {{"rate", 0.1}, {"beta2", 0.9}, {"schedule", "cosine(1, 0, 10)"}});
  const auto starts = [](const char* rest) {
    return std::string("gradus::tune::Setting: \"") + rest;
  };
  CHECK_THROWS_AS(s["beta"], Stop);
  CHECK_THROWS_WITH(s["beta"], starts("beta\" is not in the space; did you mean 'beta2'?"));
  CHECK_THROWS_WITH(s["momentum"], starts("momentum\" is not in the space"));
  CHECK_THROWS_WITH(s["schedule"], starts("schedule\" is a text: setting.text(name)"));
  CHECK_THROWS_WITH(s.text("rate"), starts("rate\" is a number: setting[name]"));
  CHECK_THROWS_WITH(s.whole("rate"), starts("rate\" is not whole (got 0.1)"));
}
