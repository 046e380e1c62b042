#include <gradus/feedback/factor.hpp>
#include <gradus/feedback/plateau.hpp>

#include <string>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Plateau;
using namespace gradus::detail;

TEST_CASE("A feedback's value is its start until it has been changed", "[feedback]") {
  Plateau plateau{.start = 0.5};
  CHECK(value_of(plateau) == 0.5);
  plateau.state.value = 0.125;
  CHECK(value_of(plateau) == 0.125);
}

TEST_CASE("A value shrinks by its factor, not below its floor, and not by next to nothing",
          "[feedback]") {
  CHECK(shrunk(1, 0.5, 0.1) == 0.5);
  CHECK(shrunk(1, 0.5, 0.75) == 0.75);
  Plateau plateau{.factor = 0.5, .floor = 0.2, .least_change = 0.05};
  for (const double expected : {0.5, 0.25, 0.25}) {  // 0.25 to 0.2 would be a change of 0.05
    shrink(plateau);
    CHECK(value_of(plateau) == expected);
  }
}

TEST_CASE("A better metric is the new best", "[feedback]") {
  Plateau plateau{.threshold = 0.1};
  CHECK(improves(plateau, 5.0));
  CHECK(plateau.state.best == 5);
  CHECK_FALSE(improves(plateau, 4.75));  // not by a tenth
  CHECK(plateau.state.best == 5);
  CHECK(improves(plateau, 4.0));
  CHECK(plateau.state.best == 4);
}

TEST_CASE("A window takes metrics whose squares are finite", "[feedback]") {
  for (const double x : {0.0, 1.0, -9.9e149, 9.9e149}) CHECK(fits_in_window(x));
  for (const double& x : {1e150, -1e150, support::infinity<double>(), support::nan<double>()})
    CHECK_FALSE(fits_in_window(x));
}

TEST_CASE("What shrinks and waits names the first of its fields that is wrong", "[feedback]") {
  const auto refused = [](const Plateau& p) {
    const gradus::Fault fault = check_patience(p);
    return fault ? std::string(fault.field) : "";
  };
  CHECK(refused({}) == "");
  CHECK(refused({.factor = 1}) == "factor");
  CHECK(refused({.factor = 0}) == "factor");
  CHECK(refused({.start = 0}) == "start");
  CHECK(refused({.start = 1, .floor = 2}) == "floor");
  CHECK(refused({.patience = -1}) == "patience");
  CHECK(refused({.cooldown = -1}) == "cooldown");
  CHECK(refused({.least_change = -1}) == "least_change");
}
