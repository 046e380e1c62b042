#include <gradus/survey/preview.hpp>

#include <gradus/schedule/cosine.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "support/catch.hpp"

using gradus::Cosine;
using gradus::preview;
using gradus::step_t;

namespace {

// The steps that are sampled, as doubles.
std::vector<double> places(step_t steps, std::size_t count) {
  std::vector<double> r(count);
  preview([](step_t t) { return static_cast<double>(t); }, steps, r);
  return r;
}

constexpr std::array<double, 3> known = [] {
  std::array<double, 3> r{};
  preview(Cosine<>{.start = 1, .end = 0.5, .steps = 100}, 100, r);
  return r;
}();
static_assert(known == std::array{1.0, 0.75, 0.5});

}  // namespace

TEST_CASE("A preview is of the first step, the last one, and evenly between", "[survey]") {
  CHECK(places(10, 11) == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(places(10, 6) == std::vector<double>{0, 2, 4, 6, 8, 10});
  CHECK(places(10, 4) == std::vector<double>{0, 3, 6, 10});
  CHECK(places(2, 5) == std::vector<double>{0, 0, 1, 1, 2});
  CHECK(places(10, 2) == std::vector<double>{0, 10});
  CHECK(places(10, 1) == std::vector<double>{0});
  CHECK(places(10, 0).empty());
  CHECK(places(0, 3) == std::vector<double>{0, 0, 0});
}

TEST_CASE("A preview counts exactly, however long", "[survey]") {
  std::vector<step_t> seen;
  gradus::each_sample(gradus::last_step, 1'000, [&](std::size_t, step_t t) { seen.push_back(t); });
  CHECK((seen.size() == 1'000 && seen.back() == gradus::last_step));
  for (step_t i = 1; i < 1'000; ++i) {  // i * (q * 999 + r) / 999
    const step_t q = gradus::last_step / 999, r = gradus::last_step % 999;
    REQUIRE(seen[i] == i * q + i * r / 999);
  }
}

TEST_CASE("A preview hands on what the schedule says, and refuses what it is not", "[survey]") {
  std::array<double, 2> out{};
  preview([](step_t t) { return t == 0 ? -1.0F : 0.5F; }, 9, out);
  CHECK(out == std::array{-1.0, 0.5});
  CHECK_THROWS_WITH(preview(Cosine<>{1, 0, 0}, 9, out), "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK_THROWS_WITH(preview(Cosine<>{1, 0, 5}, -1, out),
                    "gradus::preview.steps must be >= 0 (got -1)");
}
