// The types of step/: lengths, contexts and results.
#include <gradus/step/options.hpp>
#include <gradus/step/result.hpp>

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

// A type with a length as a field, which is initialised in braces.
struct Holder {
  Length steps;
};
template <class N>
constexpr bool holds = requires(N n) { Holder{.steps = n}; };
static_assert(holds<int> && holds<std::size_t> && holds<char>);
static_assert(!holds<bool> && !holds<float> && !holds<double>);

// Not given, endless, 0 and negative are four different things.
static_assert(!Length{}.is_given() && !Length{}.is_count() && Length{}.steps() == 0);
static_assert(Length::endless().is_given() && Length::endless().is_endless());
static_assert(!Length::endless().is_count() && Length::endless().steps() == 0);
static_assert(!Length{}.is_endless() && Length::endless() != Length{});
static_assert(Length{0}.is_given() && Length{0}.is_count() && !Length{0}.is_endless());
static_assert(Length{-1}.is_given() && !Length{-1}.is_count() && !Length{-1}.is_endless());
static_assert(Length{7}.value == 7 && Length{7}.steps() == 7);
static_assert(Length{gradus::last_step}.steps() == gradus::last_step);
static_assert(Length{-1}.value == -1 && Length{-1}.steps() == 0);
static_assert(Length{std::size_t{2} - 5}.value == -3 && Length{std::size_t{2} - 5}.steps() == 0);
// No integer converts to one of the two special values.
static_assert(Length{gradus::last_step + 1}.value == Length::lowest);
static_assert(Length{std::numeric_limits<std::int64_t>::min()}.value == Length::lowest);
static_assert(Length{std::numeric_limits<std::int64_t>::min() + 1}.value == Length::lowest);
static_assert(Length{Length::lowest}.value == Length::lowest);
static_assert(Length{std::numeric_limits<std::int64_t>::min()}.steps() == 0);
// Unsigned numbers of 32 bits that have wrapped round, and ones that have not.
constexpr bool small_sizes = sizeof(std::size_t) == 4;
constexpr std::uint32_t first_wrapped =
    small_sizes ? std::uint32_t{1} << 31 : std::uint32_t{0} - (std::uint32_t{1} << 20);
static_assert(Length{~std::uint32_t{0}}.value == -1);
static_assert(Length{std::uint32_t{100} - std::uint32_t{101}}.value == -1);
static_assert(Length{first_wrapped}.value == std::int64_t{first_wrapped} - (std::int64_t{1} << 32));
static_assert(Length{first_wrapped - 1}.value == std::int64_t{first_wrapped - 1});
static_assert(Length{std::uint16_t{65'535}}.value == 65'535);  // narrower types are promoted to int
static_assert(Length{std::uint8_t{255}}.value == 255);
static_assert(Length{std::int32_t{-1}}.value == -1);
static_assert(Length{std::uint64_t{4'294'967'295}}.value == 4'294'967'295);  // 64 bits: not wrapped
static_assert(Length{std::int64_t{4'294'967'295}}.value == 4'294'967'295);
static_assert(Length{3} == Length{std::size_t{3}} && Length{3} != Length{4});

static_assert(Context{}.t == 0 && Context{}.rate == 0);
static_assert(Context{.t = 0}.n() == 1 && Context{.t = 9'999}.n() == 10'000);
static_assert(Context{.t = (step_t{1} << 24)}.n() ==
              16'777'217);  // where counting in float would stop
static_assert(Context{.t = (step_t{1} << 53) - 1}.n() == 0x1p53);
static_assert(Context{.t = (step_t{1} << 53) + 4}.n() == 0x1p53 + 4);  // 5 is a tie
static_assert(Context{.t = gradus::last_step}.n() == 0x1p63);

static_assert(gradus::StepResult{1, 0.5, true} == gradus::StepResult{1, 0.5, true});
static_assert(gradus::StepResult{1, 0.5, true} != gradus::StepResult{1, 0.5, false});
static_assert(!gradus::StepResult{}.applied);

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
