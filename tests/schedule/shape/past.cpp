#include <gradus/schedule/shape/past.hpp>

#include "support/schedule_conformance.hpp"

using gradus::Past;
using gradus::step_t;
using gradus::detail::place;

namespace {

static_assert(place(3, 4, Past::hold) == 3 && place(4, 4, Past::hold) == 4);
static_assert(place(9, 4, Past::hold) == 4);
static_assert(place(3, 4, Past::mirror) == 3 && place(4, 4, Past::mirror) == 4);
static_assert(place(5, 4, Past::mirror) == 3 && place(8, 4, Past::mirror) == 0);
static_assert(place(3, 4, Past::repeat) == 3 && place(4, 4, Past::repeat) == 0);
static_assert(place(9, 4, Past::repeat) == 1);
static_assert(noexcept(place(0, 0, Past::hold)));

}  // namespace

TEST_CASE("place: every step of some periods", "[past]") {
  for (const step_t steps : {1U, 2U, 3U, 10U}) {
    step_t there = 0;
    bool back = false;
    for (step_t t = 0; t < 7 * steps; ++t) {
      CAPTURE(steps, t);
      CHECK(place(t, steps, Past::hold) == std::min(t, steps));
      CHECK(place(t, steps, Past::repeat) == t % steps);
      CHECK(place(t, steps, Past::mirror) == there);
      if (there == steps) back = true;
      if (there == 0) back = false;
      there = back ? there - 1 : there + 1;
    }
  }
}

TEST_CASE("place is inside for every step and length", "[past]") {
  conformance::Random random;
  for (int i = 0; i < 20'000; ++i) {
    const step_t steps = random.length(), t = random.step();
    CAPTURE(steps, t);
    CHECK(place(t, steps, Past::hold) <= steps);
    CHECK(place(t, steps, Past::mirror) <= steps);
    CHECK(place(t, steps, Past::repeat) < steps);
  }
  constexpr step_t longest = gradus::last_step;
  CHECK(place(longest, longest, Past::mirror) == longest);
  CHECK(place(longest + 1, longest, Past::mirror) == longest - 1);
  CHECK(place(2 * longest, longest, Past::mirror) == 0);
  CHECK(place(~step_t{0}, longest, Past::mirror) == 1);
  CHECK(place(~step_t{0}, longest, Past::repeat) == 1);
}

TEST_CASE("place in no steps at all is defined", "[past]") {
  for (const Past past : {Past::hold, Past::mirror, Past::repeat})
    for (const step_t t : {step_t{0}, step_t{1}, ~step_t{0}}) CHECK(place(t, 0, past) == 0);
}
