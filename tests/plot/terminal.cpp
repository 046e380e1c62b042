#include <gradus/plot/terminal.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using gradus::io::Canvas;
using gradus::io::Chart;
using gradus::io::ChartPoint;
using gradus::io::terminal;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

Chart chart_of(std::vector<ChartPoint> points) {
  return {"", {}, {}, {{"", {{"a", std::move(points)}}}}};
}
Chart two() {
  Chart chart = chart_of({{0, 0}, {10, 10}});
  chart.panels[0].series.push_back({"b", {{0, 10}, {10, 0}}});
  return chart;
}
std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> r(1);
  for (const char c : text) c == '\n' ? r.emplace_back() : (r.back() += c, r.back());
  CHECK(r.back().empty());
  r.pop_back();
  return r;
}

}  // namespace

TEST_CASE("A curve in ASCII", "[io]") {
  CHECK(terminal(chart_of({{0, 0}, {5, 10}, {10, 0}}), {.width = 20, .height = 5, .ascii = true}) ==
        "10 +        *\n"
        "   |      ** **\n"
        "   |    **     **\n"
        "   |  **         **\n"
        " 0 +**             *\n"
        "   ++--------------+\n"
        "    0             10\n");
}

TEST_CASE("A curve in braille", "[io]") {
  CHECK(terminal(chart_of({{0, 0}, {5, 10}, {10, 0}}), {.width = 20, .height = 3}) ==
        "10 ┤     ⢀⡠⠒⠑⠢⡀\n"
        "   │   ⡠⠔⠁    ⠈⠑⢄⡀\n"
        " 0 ┤⡠⠔⠉          ⠈⠢⢄\n"
        "   └┬──────────────┬\n"
        "    0             10\n");
}

TEST_CASE("Several curves are letters, or colours", "[io]") {
  CHECK(terminal(two(), {.width = 20, .height = 3, .ascii = true}) ==
        "  a a\n"
        "  b b\n"
        "10 +bbbb        aaaa\n"
        "   |    bbbbbbbb\n"
        " 0 +aaaa        bbbb\n"
        "   ++--------------+\n"
        "    0             10\n");
  const std::vector<std::string> s =
      lines(terminal(two(), {.width = 20, .height = 3, .colour = true}));
  REQUIRE(s.size() == 7);
  CHECK(s[0] == "  \x1b[34m━━\x1b[0m a");
  CHECK(s[1] == "  \x1b[33m━━\x1b[0m b");
  CHECK(s[2] == "10 ┤\x1b[33m⠉⠒⠢⠤⣀      \x1b[34m⣀⠤⠔⠒⠉\x1b[0m");
}

TEST_CASE("Titles, and a panel below another", "[io]") {
  Chart chart = two();
  chart.title = "Title";
  chart.x.title = "step";
  chart.y.title = "rate";
  chart.panels.push_back({"second", {{"a", {{0, 5}, {10, 5}}}}});
  CHECK(terminal(chart, {.width = 24, .height = 3, .ascii = true}) ==
        "Title\n"
        "  a a\n"
        "  b b\n"
        "rate\n"
        "10 +bbbbb          aaaaa\n"
        "   |     bbbbbbbbbb\n"
        " 0 +aaaaa          bbbbb\n"
        "   ++---------+--------+\n"
        "    0         5       10\n"
        "second\n"
        "10 +\n"
        "   |aaaaaaaaaaaaaaaaaaaa\n"
        " 0 +\n"
        "   ++---------+--------+\n"
        "    0         5       10\n"
        "            step\n");
}

TEST_CASE("Gaps, dots and what lies outside", "[io]") {
  Chart chart = chart_of({{0, 0}, {2, 0}, {4, no_number}, {6, 1}, {10, 1}});
  CHECK(terminal(chart, {.width = 20, .height = 2, .ascii = true}) ==
        "1 +          *******\n"
        "0 +****\n"
        "  ++---------------+\n"
        "   0              10\n");
  chart.panels[0].series[0].dots = true;
  CHECK(terminal(chart, {.width = 20, .height = 2, .ascii = true}) ==
        "1 +          *     *\n"
        "0 +*  *\n"
        "  ++---------------+\n"
        "   0              10\n");
  chart = chart_of({{0, 0}, {5, 1e9}, {10, 0}});
  chart.y.low = 0;
  chart.y.high = 1;
  CHECK(terminal(chart, {.width = 20, .height = 2, .ascii = true}) ==
        "1 +   ****    ****\n"
        "0 +***            **\n"
        "  ++---------------+\n"
        "   0              10\n");
}

TEST_CASE("Text in a terminal holds nothing that a terminal obeys", "[io]") {
  Chart chart = chart_of({{0, 0}});
  chart.title = "a\x1b[31mb\x7f\x9b\xc2\x9b\xc3\xa4\n\xff";
  CHECK(lines(terminal(chart))[0] == "a?[31mb??\?\xc3\xa4??");
  CHECK(lines(terminal(chart, {.ascii = true}))[0] == "a?[31mb??????");
}

TEST_CASE("There is always a picture in a terminal", "[io]") {
  CHECK(lines(terminal(Chart{})).empty());
  CHECK(lines(terminal(chart_of({}), {.height = 7})).size() == 9);
  for (const double x : {0.0, 5.0, -1e200, 1e-310, 1e300, no_number})
    for (const double y : {0.0, 1e-200, 1e200, 3e-7})
      for (const bool logarithmic : {false, true})
        for (const std::size_t width : {20U, 33U, 200U}) {
          Chart chart = chart_of({{x, y}, {x, y}, {1, 1}});
          chart.x.logarithmic = chart.y.logarithmic = logarithmic;
          for (const std::string& line : lines(terminal(chart, {.width = width})))
            REQUIRE(gradus::io::detail::length(line) <= static_cast<int>(width));
        }
}

TEST_CASE("A bad canvas is refused in words", "[io]") {
  CHECK_THROWS_WITH(terminal(Chart{}, {.width = 19}),
                    "gradus::io::Canvas.width must be in [20, 1000] (got 19)");
  CHECK_THROWS_WITH(terminal(Chart{}, {.height = 1}),
                    "gradus::io::Canvas.height must be in [2, 1000] (got 1)");
  Chart chart;
  chart.columns = 0;
  CHECK_THROWS_WITH(terminal(chart), "gradus::io::Chart.columns must be > 0 (got 0)");
}
