#include <gradus/plot/scale.hpp>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/catch.hpp"

using gradus::io::Scale;
using gradus::io::scale;
using gradus::io::Tick;

namespace {

std::vector<std::string> labels(const Scale& s) {
  std::vector<std::string> r;
  for (const Tick& t : s.ticks) r.push_back(t.label);
  return r;
}
using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("Ticks are round numbers", "[io]") {
  CHECK(labels(scale(0, 1, false, 5)) == Labels{"0", "0.2", "0.4", "0.6", "0.8", "1"});
  CHECK(labels(scale(0.1, 0.9, false, 4)) == Labels{"0", "0.2", "0.4", "0.6", "0.8", "1"});
  CHECK(labels(scale(-3, 7, false, 5)) == Labels{"-4", "-2", "0", "2", "4", "6", "8"});
  CHECK(labels(scale(0, 1e7, false, 2)) == Labels{"0", "5e6", "1e7"});
  CHECK(labels(scale(1e-5, 3e-5, false, 2)) == Labels{"1e-5", "2e-5", "3e-5"});
  CHECK(labels(scale(1, 1000, true, 5)) == Labels{"1", "3", "10", "30", "100", "300", "1000"});
  CHECK(labels(scale(1, 100, true, 10)) == Labels{"1", "2", "5", "10", "20", "50", "100"});
  CHECK(labels(scale(1e-8, 1, true, 4)) == Labels{"1e-8", "1e-6", "1e-4", "0.01", "1"});
  CHECK(labels(scale(100, 200, true, 2)) == Labels{"100", "150", "200"});
}

TEST_CASE("Ticks cover any range, rise, and are as many as was said", "[io]") {
  const bool logarithmic = GENERATE(false, true);
  const int intervals = GENERATE(1, 2, 5, 12);
  for (const double low :
       {-1e200, -7e10, -1.0, 0.0, 1e-200, 3e-7, 0.123456, 1.0, 99.0, 1e12, 9e199})
    for (const double width : {0.0, 1e-300, 1e-12, 1e-3, 0.7, 1.0, 12345.6, 1e15, 1e199}) {
      if (logarithmic && low <= 0) continue;
      const Scale s = scale(low, low + width, logarithmic, intervals);
      CAPTURE(low, width, intervals);
      REQUIRE(s.ticks.size() >= 2);
      CHECK(s.ticks.size() <= static_cast<std::size_t>(6 * intervals + 4));
      CHECK((s.low <= low && s.high >= low + width));
      CHECK((s.ticks.front().value == s.low && s.ticks.back().value == s.high));
      CHECK((s.at(s.low) == 0 && s.at(s.high) == 1));
      for (std::size_t i = 1; i < s.ticks.size(); ++i) {
        CHECK(s.ticks[i - 1].value < s.ticks[i].value);
        CHECK(s.at(s.ticks[i - 1].value) < s.at(s.ticks[i].value));
      }
      for (const Tick& t : s.ticks)
        if (std::fabs(t.value) < 1e100)  // a label reads back as its number
          CHECK(std::fabs(std::strtod(t.label.c_str(), nullptr) - t.value) <=
                1e-11 * std::fabs(t.value));
    }
}

TEST_CASE("A clipped scale has the ticks within", "[io]") {
  const Scale s = gradus::io::clipped(scale(0, 10, false, 5), 1, 9);
  CHECK(labels(s) == Labels{"2", "4", "6", "8"});
  CHECK((s.at(1) == 0 && s.at(9) == 1 && s.at(5) == 0.5));
}

TEST_CASE("Categories lie at the integers", "[io]") {
  const Scale s = gradus::io::categories({"a", "b"});
  CHECK(labels(s) == Labels{"a", "b"});
  CHECK((s.at(0) == 0.25 && s.at(1) == 0.75));
}
