// What every schedule must do, whatever its formula, also as text and as one of any type.
#include <gradus/gradus.hpp>
#include <gradus/save/kind_of.hpp>
#include <gradus/text/text.hpp>

#include <string>
#include <vector>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/every_schedule.hpp"
#include "support/schedule_conformance.hpp"

using gradus::step_t;
using gradus::io::AnySchedule;

TEST_CASE("Every schedule is finite, not negative, and allocates nothing", "[schedule]") {
  const std::vector<step_t> steps = conformance::many_points(10);
  support::for_every_schedule([&](const auto& s) {
    CAPTURE(s.name);
    CHECK(conformance::refusal(s) == "");
    double lowest = 0, highest = 0;
    CHECK(support::allocations([&] {
            for (const step_t t : steps) {
              const double rate = s(t);
              lowest = rate < lowest ? rate : lowest;
              highest = rate > highest ? rate : highest;
            }
          }) == 0);
    CHECK(lowest == 0);
    CHECK(gradus::math::is_finite(highest));
  });
}

TEST_CASE("Every schedule is the same as AnySchedule, and from its text", "[schedule][io]") {
  const std::vector<step_t> steps = conformance::many_points(10);
  support::for_every_schedule([&](const auto& s) {
    CAPTURE(s.name);
    const AnySchedule any = s;
    const std::string text = gradus::io::to_string(any);
    CAPTURE(text);
    CHECK(gradus::io::parse(text) == any);
    CHECK(gradus::io::kind_of(any) == gradus::io::kind_of(s));
    CHECK(gradus::io::describe(any).text() == gradus::io::describe(s).text());
    bool same = true;
    for (const step_t t : steps)
      same = same && conformance::bits(any(t)) == conformance::bits(s(t));
    CHECK(same);
  });
}
