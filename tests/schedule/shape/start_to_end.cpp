#include <gradus/schedule/ramp.hpp>
#include <gradus/schedule/shape/start_to_end.hpp>

#include <string>

#include "support/catch.hpp"

using gradus::Curve;
using gradus::Length;
using gradus::Past;

namespace {

struct Way {
  static constexpr const char* name = "Way";
  double start = 0, end = 0;
  Length steps = {};
  Past past = Past::hold;
};

std::string refused(const Way& way) {
  const gradus::Fault fault = gradus::detail::check_start_to_end(way);
  return fault ? std::string(fault.type) + "." + fault.field : "";
}

}  // namespace

TEST_CASE("on_curve is the way from start to end of a Ramp, before, on and past it", "[schedule]") {
  for (const Curve curve : {Curve::linear, Curve::cosine, Curve::root, Curve::power})
    for (const Past past : {Past::hold, Past::mirror, Past::repeat}) {
      const Way way{1, 0.25, 10, past};
      const gradus::Ramp<> ramp{1, 0.25, 10, curve, 2, past};
      CHECK(gradus::detail::on_curve(curve, way, 0, 2) == 1);
      if (past != Past::repeat) CHECK(gradus::detail::on_curve(curve, way, 10, 2) == 0.25);
      for (gradus::step_t t = 0; t < 35; ++t)
        CHECK(gradus::detail::on_curve(curve, way, t, 2) == ramp(t));
    }
  constexpr Way way{1, 0.25, 10};
  STATIC_REQUIRE(gradus::detail::on_curve<Curve::power>(way, 5, 2) ==
                 gradus::detail::on_curve(Curve::power, way, 5, 2));
}

TEST_CASE("check_start_to_end names the first of the fields that is wrong", "[schedule]") {
  CHECK(refused({1, 0, 5}) == "");
  CHECK(refused({0, 0, 5}) == "");
  CHECK(refused({-1, -1, 0, Past(9)}) == "Way.start");
  CHECK(refused({1, -1, 0, Past(9)}) == "Way.end");
  CHECK(refused({1, 0, 0, Past(9)}) == "Way.steps");
  CHECK(refused({1, 0, {}}) == "Way.steps");
  CHECK(refused({1, 0, 5, Past(9)}) == "Way.past");
}
