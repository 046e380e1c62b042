#include <gradus/schedule/combine/rounded.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/linear.hpp>
#include <gradus/schedule/piecewise_constant.hpp>

#include <concepts>
#include <limits>

#include "support/schedule_conformance.hpp"

using gradus::rounded;
using gradus::step_t;

namespace {

constexpr auto of(double value, step_t least = 1) {
  return rounded([value](step_t) { return value; }, least)(0);
}

// Rounds to the nearest, halves up.
static_assert(of(2) == 2 && of(2.25) == 2 && of(2.5) == 3 && of(3.5) == 4 && of(2.75) == 3);
static_assert(of(0x1.7fffffffffffp0) == 1 && of(0x1.fffffffffffffp1) == 4);
static_assert(of(0x1p52 + 0.5) == step_t{1} << 52 && of(0x1p60) == step_t{1} << 60);
// Is at least `least`.
static_assert(of(0) == 1 && of(-5) == 1 && of(0.4, 0) == 0 && of(0.5, 0) == 1 && of(3, 8) == 8);
static_assert(of(0x1.fffffffffffffp-2, 0) == 0);  // adding a half would round this to 1
// Is a valid number of steps for every value.
static_assert(of(std::numeric_limits<double>::quiet_NaN()) == 1);
static_assert(of(std::numeric_limits<double>::infinity()) == gradus::last_step);
static_assert(of(1e300) == gradus::last_step && of(-1e300, 7) == 7);

constexpr auto growing = rounded(gradus::Linear<>{.start = 1, .end = 64, .steps = 1000});
static_assert(std::same_as<decltype(growing(0)), step_t>);
static_assert(growing.length() == gradus::Length(1000) && gradus::Schedule<decltype(growing)>);
static_assert(growing(0) == 1 && growing(500) == 33 && growing(1000) == 64 && growing(9999) == 64);
static_assert(growing == rounded(gradus::Linear<>{.start = 1, .end = 64, .steps = 1000}));

}  // namespace

TEST_CASE("rounded conforms", "[schedule]") {
  conformance::conforms(
      [] { return rounded(gradus::Linear<>{.start = 64, .end = 1, .steps = 100}); },
      {1, 64, 100, conformance::Course::falls, 100},
      [](const auto&, step_t t) {
        const long double x = 64 - 0.63L * static_cast<long double>(std::min<step_t>(t, 100));
        return std::floor(x + 0.5L);
      });
}

TEST_CASE("rounded refuses what its schedule refuses", "[schedule]") {
  CHECK(conformance::refusal(rounded(gradus::Linear<>{.start = 1, .end = 4, .steps = 0})) ==
        "gradus::Linear.steps must be > 0 (got 0)");
  const gradus::Constant<> one{1};
  const unsigned none = 0;
  CHECK(conformance::refusal(rounded(one, none - 1)) ==
        "gradus::rounded.least must be in [0, 2^53] (got -1)");
  CHECK(conformance::refusal(rounded(one, (step_t{1} << 53) + 1)) ==
        "gradus::rounded.least must be in [0, 2^53] (got 9.00719925e+15)");
  CHECK(conformance::refusal(rounded(one, step_t{1} << 53)) == "");
  CHECK(conformance::refusal(rounded(one, 0)) == "");
}
