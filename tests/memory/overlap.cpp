#include <gradus/memory/overlap.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace detail = gradus::detail;
using detail::Region;

namespace {

Region region(std::uint64_t begin, std::uint64_t size, bool written, std::uint32_t span) {
  return {begin, begin + size, written, span, detail::Caller::alone, written ? "params" : "grads"};
}

bool refused(std::vector<Region> x) {
  try {
    detail::check_overlap("Someone", x);
  } catch (const gradus::Error&) {
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("check_overlap agrees with looking at every pair", "[overlap]") {
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

TEST_CASE("check_overlap names the two", "[overlap]") {
  std::vector<Region> x{region(100, 8, true, 4), region(104, 8, false, 7)};
  CHECK_THROWS_WITH(detail::check_overlap("Someone", x),
                    "gradus::Someone.grads[7] must not overlap another span of the call (got one "
                    "that overlaps params[4])");
  x[0].group = 2, x[1].group = 5;
  CHECK_THROWS_WITH(detail::check_overlap("Someone", x),
                    "gradus::Someone.grads[7] of group 5 must not overlap another span of the call "
                    "(got one that overlaps params[4] of group 2)");
}

TEST_CASE("Spans that touch, and empty ones anywhere, do not overlap", "[overlap]") {
  CHECK_FALSE(refused({region(0, 8, true, 0), region(8, 8, true, 1), region(16, 8, false, 0)}));
  CHECK_FALSE(refused({region(0, 8, true, 0), region(4, 0, true, 1), region(0, 0, true, 2)}));
  CHECK_FALSE(refused({region(0, 8, false, 0), region(0, 8, false, 1)}));
  CHECK_FALSE(refused({}));
}

TEST_CASE("sort orders any number of regions", "[overlap]") {
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
