#include <gradus/memory/spans.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <list>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace detail = gradus::detail;
using detail::Region;
using gradus::SpanArgument;
using gradus::SpanList;
using gradus::SpanOf;

namespace {

// Like a column of a matrix: data() and size(), but not one element after another.
struct Strided {
  float* data() const { return nullptr; }
  std::size_t size() const { return 0; }
};
template <class X>
constexpr bool is_float = std::is_same_v<detail::value_t<X>, float>;

using Floats = std::vector<float>;
static_assert(SpanOf<Floats&, float> && SpanOf<const Floats&, const float>);
static_assert(SpanOf<std::array<float, 3>&, float> && SpanOf<float (&)[3], float>);
static_assert(SpanOf<std::span<float>, const float> && SpanOf<std::span<float, 3>, float>);
static_assert(!SpanOf<const Floats&, float> && !SpanOf<std::vector<double>&, float>);
static_assert(!SpanArgument<Strided, float> && !SpanArgument<std::list<float>&, float>);
static_assert(!SpanArgument<float, float> && !SpanArgument<std::vector<bool>&, float>);
static_assert(SpanList<std::vector<Floats>&, float> && !SpanList<Floats&, float>);
static_assert(SpanList<std::array<std::span<float>, 2>, float>);
static_assert(SpanList<std::list<Floats>&, float>);
static_assert(SpanList<std::initializer_list<std::span<float>>, float>);
static_assert(!SpanList<std::vector<Strided>&, float>);
static_assert(is_float<Floats&> && is_float<const Floats&> && is_float<float (&)[3]>);
static_assert(is_float<std::vector<Floats>&> && is_float<std::span<const float>>);
static_assert(std::is_same_v<detail::value_t<std::list<std::span<double>>>, double>);

}  // namespace

TEST_CASE("spans makes a list; what is const in part is const", "[spans]") {
  Floats a{1, 2};
  const std::array<float, 3> b{3, 4, 5};
  std::span<float> c(a);
  const auto list = gradus::spans(a, b);
  static_assert(std::is_same_v<decltype(list), const std::array<std::span<const float>, 2>>);
  CHECK((list[0].data() == a.data() && list[0].size() == 2));
  CHECK((list[1].data() == b.data() && list[1].size() == 3));
  static_assert(std::is_same_v<decltype(gradus::spans(a, c)), std::array<std::span<float>, 2>>);
  CHECK(gradus::spans(a, c)[1].data() == a.data());
  // Spans that are made in the call refer to what stays.
  const auto made = gradus::spans(std::span(a), std::span(a).first(1), a);
  static_assert(std::is_same_v<decltype(made), const std::array<std::span<float>, 3>>);
  CHECK((made[0].data() == a.data() && made[0].size() == 2 && made[1].size() == 1));
  float raw[3] = {1, 2, 3};
  CHECK(gradus::spans(raw, std::span<float, 1>(a.data(), 1))[0].size() == 3);
}

TEST_CASE("extent_of counts spans and elements", "[spans]") {
  std::vector<Floats> list{{1, 2}, {}, {3}};
  const detail::Extent r = detail::extent_of<float>(list);
  CHECK((r.spans == 3 && r.elements == 3));
  CHECK(r.begin == reinterpret_cast<std::uintptr_t>(list[0].data()));
  std::vector<Floats> none;
  CHECK(detail::extent_of<float>(none).spans == 0);
  const detail::Extent one = detail::extent_of<float>(list[2]);
  CHECK((one.spans == 1 && one.elements == 1));
}

TEST_CASE("check_span refuses sizes, null and misalignment, in words", "[spans]") {
  alignas(8) unsigned char bytes[32] = {};
  const auto check = [](std::span<float> s, std::size_t size) {
    detail::check_span<float>("Someone", "params", 3, s, size);
  };
  auto* const p = reinterpret_cast<float*>(bytes);
  CHECK_NOTHROW(check({p, 4}, 4));
  CHECK_NOTHROW(check({}, 0));
  CHECK_THROWS_WITH(check({p, 4}, 5),
                    "gradus::Someone.params[3] must have as many elements as its span of "
                    "parameters, 5 (got 4)");
  CHECK_THROWS_WITH(check({static_cast<float*>(nullptr), 4}, 4),
                    "gradus::Someone.params[3] must not be null with a size of 4 (got 4)");
  CHECK_THROWS_WITH(
      check({reinterpret_cast<float*>(bytes + 3), 4}, 4),
      "gradus::Someone.params[3] must be aligned to a multiple in bytes of 4 (got 3)");
}

namespace {

Region region(std::uint64_t begin, std::uint64_t size, bool written, std::uint32_t span) {
  return {begin, begin + size, written, span, written ? "params" : "grads"};
}

bool refused(std::vector<Region> x) {
  try {
    detail::check_overlap("Someone", x);
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("check_overlap agrees with looking at every pair", "[spans]") {
  support::Random random;
  int overlapping = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<Region> x;
    const std::uint64_t n = 1 + random.below(7), room = 4 + random.below(60);
    for (std::uint32_t j = 0; j < n; ++j)
      x.push_back(region(1000 + random.below(room), random.below(9), random.below(2) == 0, j));
    bool expected = false;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j)
        expected =
            expected || ((x[i].written || x[j].written) && x[i].begin != x[i].end &&
                         x[j].begin != x[j].end && x[i].begin < x[j].end && x[j].begin < x[i].end);
    overlapping += expected;
    if (refused(x) != expected) FAIL_CHECK("round " << round << ", expected " << expected);
  }
  CHECK((overlapping > 2'000 && overlapping < 18'000));
}

TEST_CASE("check_overlap names the two", "[spans]") {
  std::vector<Region> x{region(100, 8, true, 4), region(104, 8, false, 7)};
  CHECK_THROWS_WITH(detail::check_overlap("Someone", x),
                    "gradus::Someone.grads[7] must not overlap another span of the call (got one "
                    "that overlaps params[4])");
}

TEST_CASE("Spans that touch, and empty ones anywhere, do not overlap", "[spans]") {
  CHECK_FALSE(refused({region(0, 8, true, 0), region(8, 8, true, 1), region(16, 8, false, 0)}));
  CHECK_FALSE(refused({region(0, 8, true, 0), region(4, 0, true, 1), region(0, 0, true, 2)}));
  CHECK_FALSE(refused({region(0, 8, false, 0), region(0, 8, false, 1)}));
  CHECK_FALSE(refused({}));
}

TEST_CASE("sort orders any number of regions", "[spans]") {
  support::Random random;
  for (std::size_t n = 0; n < 100; ++n) {
    std::vector<Region> x;
    for (std::size_t j = 0; j < n; ++j) x.push_back(region(random.below(50), 1, true, 0));
    std::vector<std::uintptr_t> expected, got;
    for (const Region& s : x) expected.push_back(s.begin);
    std::sort(expected.begin(), expected.end());
    detail::sort(x);
    for (const Region& s : x) got.push_back(s.begin);
    CHECK(got == expected);
  }
}
