#include <gradus/gradus.hpp>

#include "support/catch.hpp"

using gradus::HasLength;
using gradus::last_step;
using gradus::Length;
using gradus::length_of;
using gradus::step_t;

namespace {

// Schedules of a user.
struct WithField {
  Length steps = 3;
  double operator()(step_t) const { return 1; }
};
struct WithFunction {
  Length steps = 3;
  Length length() const { return 2 * steps.value; }
  double operator()(step_t) const { return 1; }
};
struct OtherSteps {
  int steps = 3;
  double operator()(step_t) const { return 1; }
};
struct Around {
  Length steps = 3;
  WithField schedule;
  double operator()(step_t t) const { return schedule(t); }
};

static_assert(HasLength<WithField> && HasLength<WithFunction> && HasLength<gradus::Cosine<>>);
static_assert(!HasLength<OtherSteps> && !HasLength<Around> && !HasLength<gradus::Constant<>>);
static_assert(!HasLength<double (*)(step_t)> && !HasLength<gradus::Cyclical<>>);
static_assert(HasLength<gradus::PerEpoch<WithField>> && HasLength<gradus::Warmup<WithField>>);
static_assert(!HasLength<gradus::PerEpoch<gradus::Constant<>>>);
static_assert(!HasLength<gradus::Warmup<gradus::Constant<>>>);

}  // namespace

TEST_CASE("length_of is what a schedule says, or its field", "[length]") {
  CHECK(length_of(WithField{}) == Length(3));
  CHECK(length_of(WithFunction{}) == Length(6));
  CHECK(length_of(gradus::Warmup{4, WithField{}}) == Length(7));
  CHECK(length_of(gradus::PerEpoch{4, WithField{}}) == Length(12));
}

TEST_CASE("Lengths add up, at most to the last step", "[length]") {
  using gradus::detail::added;
  CHECK(added({}) == Length(0));
  CHECK(added({1, 2, 3}) == Length(6));
  CHECK(added({1, 0, 3}) == Length(4));
  CHECK(added({0, 0}) == Length(0));
  CHECK(added({1, -1}) == Length(-1));
  CHECK(added({1, {}, 3}) == Length());
  CHECK(added({1, Length::endless(), 3}) == Length::endless());
  CHECK(added({last_step, last_step, last_step}) == Length(last_step));
}
