#include <gradus/plot/svg.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

using gradus::io::Chart;
using gradus::io::ChartPoint;
using gradus::io::Series;
using gradus::io::svg;

namespace {

// Whether a text consists of elements that are closed in order, without a raw < or & between them.
bool is_xml(std::string_view text) {
  std::vector<std::string_view> open;
  while (!text.empty()) {
    if (text[0] == '&') {
      const std::string_view name = text.substr(1, text.find(';') - 1);
      if (name != "amp" && name != "lt" && name != "gt" && name != "quot") return false;
    }
    if (text[0] != '<') {
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = text.find('>');
    if (end == text.npos) return false;
    const std::string_view tag = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (tag.find('<') != tag.npos) return false;
    if (tag.back() == '/') continue;
    if (tag[0] != '/') {
      open.push_back(tag.substr(0, tag.find(' ')));
    } else if (open.empty() || open.back() != tag.substr(1)) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }
std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; ++at) ++n;
  return n;
}
// The outline of a dot of the first colour whose leftmost point is here.
std::string disc(const char* left) {
  return std::string("M").append(left).append("a4 4 0 1 0 8 0a4 4 0 1 0 -8 0");
}
Chart one(std::vector<ChartPoint> points, bool dots = false) {
  return {"t", {}, {}, {{"", {{"a", std::move(points), dots}}}}, 1, 100, 100};
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Chart sample() {
  Chart chart{"Rates & <losses>", {"step"}, {"loss", true}, {}, 2, 200, 120};
  for (int i = 0; i < 3; ++i) {
    auto& panel = chart.panels.emplace_back();
    panel.title = "panel " + std::to_string(i);
    for (int k = 0; k < 12; ++k) {
      Series& s = panel.series.emplace_back();
      s.name = "curve " + std::to_string(k);
      s.dots = k % 2 == 1;
      for (int t = 0; t < 50; ++t) s.points.push_back({1.0 * t, (k + 1.0) / (t + i + 1)});
    }
  }
  return chart;
}

}  // namespace

TEST_CASE("A curve goes through its points", "[io]") {
  const std::string s = svg(one({{0, 0}, {1, 1}, {2, 0.5}, {4, 0}}));
  CHECK(is_xml(s));
  CHECK(has(s, "d=\"M0 100L25 0L50 50L100 100\""));
}

TEST_CASE("What an axis does not show is a gap", "[io]") {
  CHECK(has(svg(one({{0, 0}, {1, 1}, {2, not_a_number}, {3, 1}, {4, 0}})),
            "d=\"M0 100L25 0M75 0L100 100\""));
  CHECK(has(svg(one({{0, 0}, {1, infinity}, {2, 1}})), "\"M0 100h.01M100 0h.01\""));
  Chart chart = one({{0, 1}, {1, 0}, {2, 100}, {3, -1}, {4, 10}});
  chart.y.logarithmic = true;
  CHECK(has(svg(chart), "\"M0 100h.01M50 0h.01M100 50h.01\""));
}

TEST_CASE("Dots stand by themselves", "[io]") {
  const std::string s = svg(one({{0, 0}, {1, 1}}, true));
  CHECK(has(s, "class=\"s0 o\" d=\"" + disc("-4 100") + disc("96 0") + "\""));
}

TEST_CASE("From the eleventh series on, dots are squares and lines are dashed", "[io]") {
  const std::string s = svg(sample());
  CHECK((has(s, "class=\"s0 d\"") && has(s, "h8v8h-8z")));
}

TEST_CASE("A dot outside of the ends is not drawn", "[io]") {
  Chart chart = one({{0, 0}, {1, 1}, {1, 9}}, true);
  chart.y.high = 1;
  CHECK(has(svg(chart), "d=\"" + disc("-4 100") + disc("96 0") + "\""));
}

TEST_CASE("No dot hides one of another series in its category", "[io]") {
  Chart chart = one({{0.5, 0}, {0.5, 1}}, true);
  chart.y.labels = {"first", "second"};
  chart.x.low = 0, chart.x.high = 1;
  chart.panels[0].series.push_back({"b", {{0.5, 0}}, true});
  const std::string s = svg(chart);
  CHECK(has(s, "class=\"s0 o\" d=\"" + disc("46 21") + disc("46 75") + "\""));
  CHECK(has(s, "class=\"s1 o\" d=\"" + disc("46 29") + "\""));
  std::swap(chart.x, chart.y);
  for (Series& series : chart.panels[0].series)
    for (ChartPoint& p : series.points) std::swap(p.x, p.y);
  CHECK(has(svg(chart), "class=\"s1 o\" d=\"" + disc("25 50") + "\""));
}

TEST_CASE("An error is a bar at a dot and a band around a line", "[io]") {
  Chart chart = one({{0, 0}, {1, 5, 5}, {2, 10, not_a_number}}, true);
  CHECK(has(svg(chart), "class=\"s0 v\" d=\"M50 100V0\""));
  chart.panels[0].series[0].dots = false;
  CHECK(has(svg(chart), "class=\"s0 f\" d=\"M0 100L50 0L100 0L100 0L50 100L0 100Z\""));
  chart = one({{5, 0, 5}}, true);
  chart.y.labels = {"a"};
  CHECK(has(svg(chart), "class=\"s0 v\" d=\"M0 50H100\""));
  // The axes hold the bars. What a logarithmic axis does not show is at its low end.
  CHECK(has(svg(one({{0, 0}, {1, 8, 2}})), "M0 100L100 0L100 40L0 100Z"));
  chart = one({{0, 1}, {1, 10, 90}});
  chart.y.logarithmic = true;
  CHECK(has(svg(chart), "M0 100L100 0L100 100L0 100Z"));
}

TEST_CASE("An area is what is below a line, in each of its parts", "[io]") {
  Chart chart = one({{0, 0}, {1, 1}, {2, not_a_number}, {3, 1}, {4, 0}});
  chart.panels[0].series[0].area = true;
  CHECK(has(svg(chart), "class=\"s0 f\" d=\"M0 100L25 0V100H0ZM75 0L100 100V100H75Z\""));
}

TEST_CASE("What is emphasised is in front", "[io]") {
  Chart chart = one({{0, 0}, {1, 1}});
  chart.panels[0].series[0].strong = true;
  chart.panels[0].series.push_back({"b", {{0, 1}, {1, 0}}});
  const std::string s = svg(chart);
  CHECK(s.find("class=\"s1\" d=") < s.find("class=\"s0 k\" d="));
  CHECK(has(s, "class=\"k\" transform=\"translate(124 4)\">a<"));
}

TEST_CASE("Names are at the ends of the lines, apart from each other", "[io]") {
  using gradus::io::detail::apart;
  CHECK(apart({}, 10, 100).empty());
  CHECK(apart({20, 80}, 10, 100) == std::vector<int>{20, 80});
  CHECK(apart({50, 50, 50}, 10, 100) == std::vector<int>{40, 50, 60});
  CHECK(apart({0, 0, 30}, 10, 100) == std::vector<int>{0, 10, 30});
  CHECK(apart({100, 100}, 10, 100) == std::vector<int>{90, 100});
  CHECK(apart({5, 5, 5}, 10, 15) == std::vector<int>{0, 10, 20});
  Chart chart = one({{0, 0}, {1, 1}});
  chart.panels[0].series.push_back({"b", {{0, 1}, {1, 1}}});
  const std::string s = svg(chart);
  CHECK((has(s, "M100 0L115 0h4") && has(s, "M100 0L115 15h4")));
  CHECK((has(s, "translate(124 4)\">a<") && has(s, "translate(124 19)\">b<")));
}

TEST_CASE("Categories: from the top, named", "[io]") {
  Chart chart = one({{0, 0}, {1, 1}}, true);
  chart.y.labels = {"first", "a rather long label"};
  const std::string s = svg(chart);
  CHECK((is_xml(s) && has(s, ">first<") && has(s, ">a rather long label<")));
  CHECK(has(s, "d=\"" + disc("-4 25") + disc("96 75") + "\""));
  std::swap(chart.x, chart.y);
  CHECK(has(svg(chart), "d=\"" + disc("21 100") + disc("71 0") + "\""));
}

TEST_CASE("A legend is of several names, each once", "[io]") {
  CHECK(!has(svg(one({{0, 0}, {1, 1}})), ">a<"));
  Chart chart = one({{0, 0}, {1, 1}});
  chart.panels[0].series.push_back({"b", {{0, 1}}});
  chart.panels.push_back(chart.panels[0]);
  const std::string s = svg(chart);
  CHECK((count(s, ">a<") == 1 && count(s, ">b<") == 1));
  CHECK(count(s, "class=\"s1\"") == 3);  // two panels and the legend
}

TEST_CASE("Titles and names may be anything", "[io]") {
  Chart chart = sample();
  CHECK(is_xml(svg(chart)));
  chart.panels[0].title = "</text>&\x01\xff";
  chart.panels[0].series[0].name = "\"><script>";
  chart.x.title = "a\nb";
  const std::string s = svg(chart);
  CHECK((is_xml(s) && !has(s, "<script>")));
}

TEST_CASE("There is always a picture", "[io]") {
  CHECK(is_xml(svg(Chart{})));
  CHECK(is_xml(svg(one({}))));
  for (const double x : {0.0, 5.0, -1e200, 1e-310, 1e300, not_a_number})
    for (const double y : {0.0, 1e-200, 1e200, -infinity})
      for (const bool logarithmic : {false, true}) {
        Chart chart = one({{x, y}, {x, y}, {1, 1}});
        chart.x.logarithmic = chart.y.logarithmic = logarithmic;
        const std::string s = svg(chart);
        CHECK((is_xml(s) && !has(s, "nan") && !has(s, "inf")));
      }
  std::vector<ChartPoint> many(1'000'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = {static_cast<double>(i), 1.0};
  CHECK(svg(one(many)).size() < 20'000'000);
}

TEST_CASE("Ends that are given are kept; what lies outside does not count", "[io]") {
  Chart chart = one({{0, 0}, {1, 1}, {2, 50}});
  chart.y.low = 0;
  chart.y.high = 2;
  CHECK(has(svg(chart), "M0 100L100 50"));  // x ends at 1, so that the third point is outside
  chart.y.high = 100;
  CHECK(has(svg(chart), "M0 100L50 99L100 50"));
  chart = one({{0, 5}, {1, 5}});  // also if the points are at the end of the axis
  chart.y.low = 5;
  CHECK(has(svg(chart), "M0 100L100 100"));
  chart.y.low = {};
  chart.y.high = 5;
  CHECK(has(svg(chart), "M0 0L100 0"));
}

TEST_CASE("A bad chart is refused in words", "[io]") {
  const auto refused = [](const Chart& chart) -> std::string {
    try {
      static_cast<void>(svg(chart));
    } catch (const gradus::Error& e) {
      return e.what();
    }
    return "";
  };
  Chart chart;
  chart.columns = 0;
  CHECK(refused(chart) == "gradus::io::Chart.columns must be > 0 (got 0)");
  chart = {};
  chart.width = not_a_number;
  CHECK(refused(chart) == "gradus::io::Chart.width must be in [1, 10000] (got nan)");
  chart = {};
  chart.height = 0;
  CHECK(refused(chart) == "gradus::io::Chart.height must be in [1, 10000] (got 0)");
  chart = {};
  chart.panels.resize(10'001);
  CHECK(refused(chart) == "gradus::io::Chart.panels must be 10000 at most (got 10001)");
  chart = {};
  chart.x.low = 2;
  chart.x.high = 2;
  CHECK(refused(chart) == "gradus::io::Axis.high must be > low, by a billionth at least (got 2)");
  chart.x.low = infinity;
  CHECK(refused(chart) == "gradus::io::Axis.low must be a number that it shows (got inf)");
  chart = {};
  chart.y.labels = {"a"};
  chart.y.logarithmic = true;
  CHECK(refused(chart) ==
        "gradus::io::Axis.labels must stand without logarithmic, low and high (got 1)");
}

TEST_CASE("The same bytes on every machine", "[io]") {
  std::uint64_t digest = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : svg(sample()))
    digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  CHECK(digest == 0x400052bd4bb3a0e4);
}
