#include <gradus/schedule/shape/point.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Fault;
using gradus::Point;

TEST_CASE("Points ascend, and their values are rates", "[schedule]") {
  const auto refused = [](std::vector<Point<>> all, int first) {
    const Fault fault = gradus::detail::check_points<double>("Points", all, first);
    return fault ? std::string(fault.field) + " " + fault.rule : "";
  };
  CHECK(refused({}, 0) == "");
  CHECK(refused({{0, 1}, {1, 0}}, 0) == "");
  CHECK(refused({{1, 1}, {9, 0.5}}, 1) == "");
  CHECK(refused({{0, 1}}, 1) == "points.at must be > 0 and ascending");
  CHECK(refused({{-1, 1}}, 0) == "points.at must be >= 0 and ascending");
  CHECK(refused({{3, 1}, {3, 2}}, 0) == "points.at must be >= 0 and ascending");
  CHECK(refused({{3, 1}, {2, 2}}, 1) == "points.at must be > 0 and ascending");
  CHECK(refused({{{}, 1}}, 0) == "points.at must be given");
  CHECK(refused({{3, -1}}, 0) == "points.value must be finite and >= 0");
  CHECK(refused({{3, support::infinity<double>()}}, 0) == "points.value must be finite and >= 0");
}

TEST_CASE("Points are equal if step and value are", "[schedule]") {
  CHECK(Point<>{3, 0.5} == Point<>{3, 0.5});
  CHECK_FALSE(Point<>{3, 0.5} == Point<>{4, 0.5});
  CHECK_FALSE(Point<>{3, 0.5} == Point<>{3, 0.25});
}
