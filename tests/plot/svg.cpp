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
  CHECK(has(s, "class=\"s0 o\" d=\"M0 100h.01M100 0h.01\""));
}

TEST_CASE("Categories: from the top, named", "[io]") {
  Chart chart = one({{0, 0}, {1, 1}}, true);
  chart.y.labels = {"first", "a rather long label"};
  const std::string s = svg(chart);
  CHECK((is_xml(s) && has(s, ">first<") && has(s, ">a rather long label<")));
  CHECK(has(s, "d=\"M0 25h.01M100 75h.01\""));
  std::swap(chart.x, chart.y);
  CHECK(has(svg(chart), "d=\"M25 100h.01M75 0h.01\""));
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
  CHECK(digest == 0xd8e12081e3e36f56);
}
