#include <gradus/tune/space.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using gradus::tune::choice;
using gradus::tune::Choice;
using gradus::tune::Dimension;
using gradus::tune::log_range;
using gradus::tune::Range;
using gradus::tune::Space;

TEST_CASE("A space says what is in it", "[tune][search]") {
  const Space space{{"rate", log_range(1e-4, 1)},
                    {"warmup", Range{.low = 0, .high = 500, .whole = true}},
                    {"beta2", choice(0.9, 0.99F, 1)},
                    {"schedule", choice("cosine(1, 0, 10)", std::string("a \"b\""))}};
  CHECK(space.dimensions().size() == 4);
  CHECK(space.describe() ==
        "rate log 1e-4..1; warmup 0..500 whole; beta2 0.9|0.9900000095367432|1; "
        "schedule \"cosine(1, 0, 10)\"|\"a \"\"b\"\"\"");
}

TEST_CASE("A space refuses what cannot be searched, in one sentence", "[tune][search]") {
  const auto refuses = [](const std::string& sentence, std::vector<Dimension> dimensions) {
    CHECK_THROWS_WITH(Space(std::move(dimensions)), "gradus::tune::Space" + sentence);
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  refuses(" must have a dimension", {});
  refuses(": \"\" must be a name of one line, and not empty", {{"", Range{0, 1}}});
  refuses(": \"a\nb\" must be a name of one line, and not empty", {{"a\nb", Range{0, 1}}});
  refuses(": \"loss\" must not be called as a column of the results", {{"loss", Range{0, 1}}});
  refuses(": \"a\" must be there once (got it twice)", {{"a", Range{0, 1}}, {"a", choice(1)}});
  refuses(": \"a\" must have low < high (got 1 and 1)", {{"a", Range{1, 1}}});
  refuses(": \"a\" must have low < high (got 1 and 0.5)", {{"a", log_range(1, 0.5)}});
  refuses(": \"a\" must have low < high (got 0 and 0)", {{"a", Range{}}});
  refuses(": \"a\" must have finite ends (got nan)", {{"a", Range{nan, 1}}});
  refuses(": \"a\" must have finite ends (got inf)", {{"a", Range{0, infinity}}});
  refuses(": \"a\" must have a finite high - low", {{"a", Range{-1e308, 1e308}}});
  refuses(": \"a\" must have low > 0, as it is logarithmic (got 0)", {{"a", log_range(0, 1)}});
  refuses(": \"a\" must have low > 0, as it is logarithmic (got -1)", {{"a", log_range(-1, 1)}});
  refuses(": \"a\" must have whole numbers of at most 2^53 as ends (got 0.5)",
          {{"a", Range{.low = 0.5, .high = 2, .whole = true}}});
  refuses(": \"a\" must have whole numbers of at most 2^53 as ends (got 1e20)",
          {{"a", Range{.low = 0, .high = 1e20, .whole = true}}});
  refuses(": \"a\" must have points in [2, 1000000] (got 1)", {{"a", log_range(1, 2, 1)}});
  refuses(": \"a\" must have a value to choose", {{"a", Choice{}}});
  refuses(": \"a\" must have finite values (got nan)", {{"a", choice(1, nan)}});
  refuses(": \"a\" must have every value once (got 2 twice)", {{"a", choice(1, 2, 2)}});
  refuses(": \"a\" must have every value once (got \"x\" twice)", {{"a", choice("x", "x")}});
  refuses(": \"a\" must have numbers only or texts only (got \"x\" after 1)",
          {{"a", choice(1, "x")}});
  refuses(": \"a\" must have texts of one line, without control characters",
          {{"a", choice("x\n")}});
}

TEST_CASE("Whole numbers are found as std::floor finds them", "[tune][search]") {
  namespace detail = gradus::tune::detail;
  for (const double x : {0.0, -0.0, 0.3, -0.3, 1.0, -1.0, 2.5, -2.5, 0x1p53 - 1, 0x1p53, -0x1p53}) {
    CAPTURE(x);
    CHECK(detail::floor_of(x) == std::floor(x));
    CHECK(std::signbit(detail::floor_of(x)) == std::signbit(std::floor(x)));
    CHECK(detail::is_whole(x) == (std::floor(x) == x));
  }
  CHECK_FALSE(detail::is_whole(0x1p53 + 2));
  CHECK_FALSE(detail::is_whole(std::numeric_limits<double>::infinity()));
  CHECK_FALSE(detail::is_whole(std::numeric_limits<double>::quiet_NaN()));
}
