#include <gradus/step.hpp>

#include <cstdint>
#include <limits>
#include <type_traits>

#include "support/catch.hpp"

using gradus::Context;
using gradus::Length;
using gradus::step_t;

namespace {

static_assert(std::is_same_v<step_t, std::uint64_t>);
static_assert(gradus::last_step == 9'223'372'036'854'775'807U);

template <class... N>
constexpr bool lengths = (std::is_nothrow_convertible_v<N, Length> && ...);
template <class... N>
constexpr bool no_lengths = !(std::is_constructible_v<Length, N> || ...);
static_assert(lengths<char, signed char, unsigned char, short, unsigned short, int, unsigned>);
static_assert(lengths<long, unsigned long, long long, unsigned long long, std::size_t, step_t>);
static_assert(no_lengths<bool, float, double, long double, void*, const char*, std::nullptr_t>);

// What a braced field does with a length.
struct Holder {
  Length steps;
};
template <class N>
constexpr bool holds = requires(N n) { Holder{.steps = n}; };
static_assert(holds<int> && holds<std::size_t> && holds<char>);
static_assert(!holds<bool> && !holds<float> && !holds<double>);

static_assert(Length{}.value == 0 && Length{}.steps() == 0);
static_assert(Length{7}.value == 7 && Length{7}.steps() == 7);
static_assert(Length{gradus::last_step}.steps() == gradus::last_step);
static_assert(Length{-1}.value == -1 && Length{-1}.steps() == 0);
static_assert(Length{std::size_t{2} - 5}.value == -3 && Length{std::size_t{2} - 5}.steps() == 0);
static_assert(Length{gradus::last_step + 1}.value == std::numeric_limits<std::int64_t>::min());
static_assert(Length{std::numeric_limits<std::int64_t>::min()}.steps() == 0);
static_assert(sizeof(std::size_t) == 4 ||
              Length{~0U}.value == 4'294'967'295);  // narrower than a size: nobody can tell
static_assert(Length{3} == Length{std::size_t{3}} && Length{3} != Length{4});

static_assert(Context{}.t == 0 && Context{}.rate == 0);
static_assert(Context{.t = 0}.n() == 1 && Context{.t = 9'999}.n() == 10'000);
static_assert(Context{.t = (step_t{1} << 24)}.n() == 16'777'217);  // where a float sticks
static_assert(Context{.t = (step_t{1} << 53) - 1}.n() == 0x1p53);
static_assert(Context{.t = (step_t{1} << 53) + 4}.n() == 0x1p53 + 4);  // 5 is a tie
static_assert(Context{.t = gradus::last_step}.n() == 0x1p63);

static_assert(gradus::StepResult{1, 0.5, true} == gradus::StepResult{1, 0.5, true});
static_assert(gradus::StepResult{1, 0.5, true} != gradus::StepResult{1, 0.5, false});
static_assert(!gradus::StepResult{}.applied);

static_assert(gradus::Real<float> && gradus::Real<double>);
static_assert(!gradus::Real<long double> && !gradus::Real<int> && !gradus::Real<const double>);

}  // namespace

TEST_CASE("Context::n never falls, nor sticks while doubles can tell", "[step]") {
  for (int k = 0; k < 63; ++k) {
    const step_t t = step_t{1} << k;
    CAPTURE(t);
    const double before = Context{.t = t - 1}.n(), here = Context{.t = t}.n();
    CHECK(before == static_cast<double>(t));
    CHECK(here >= before);
    CHECK((here > before) == (k < 53));
  }
}
