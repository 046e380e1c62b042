#include <gradus/schedule/shape/boundary.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"

using gradus::Boundary;
using gradus::Fault;
using gradus::Length;
using gradus::detail::check_boundaries;
using gradus::detail::is_past;

// Boundary 5: the first step after it.
static_assert(!is_past(3, 5, Boundary::before) && is_past(4, 5, Boundary::before));
static_assert(!is_past(4, 5, Boundary::at) && is_past(5, 5, Boundary::at));
static_assert(!is_past(5, 5, Boundary::after) && is_past(6, 5, Boundary::after));
// The first step of all, and the last one.
static_assert(is_past(0, 1, Boundary::before) && !is_past(0, 1, Boundary::at));
static_assert(is_past(~gradus::step_t{0}, gradus::last_step, Boundary::after));

TEST_CASE("Boundaries ascend from 1 on", "[schedule]") {
  const auto refused = [](std::vector<Length> all) {
    const Fault fault = check_boundaries("Steps", all);
    return fault ? std::string(fault.field) + " " + fault.rule : "";
  };
  CHECK(refused({}) == "");
  CHECK(refused({1}) == "");
  CHECK(refused({1, 2, 30}) == "");
  CHECK(refused({0}) == "boundaries must be > 0 and ascending");
  CHECK(refused({-1}) == "boundaries must be > 0 and ascending");
  CHECK(refused({5, 5}) == "boundaries must be > 0 and ascending");
  CHECK(refused({5, 4}) == "boundaries must be > 0 and ascending");
  CHECK(refused({5, Length{}}) == "boundaries must be given");
  CHECK(check_boundaries("Steps", std::vector<Length>{7, 3}).value == 3);
}
