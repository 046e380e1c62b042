// optional header
// Charts as SVG, in light and dark mode.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/plot/layout.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

inline constexpr const char* lone = "h.01";  // so short that only its round ends are visible

/// The position of a fraction of an extent, in pixels; limited far outside.
inline double place(int extent, double fraction) noexcept {
  return static_cast<double>(math::ieee(extent) * std::clamp(fraction, -1e3, 1e3));
}

/// The fraction of an axis at an end of an error. What the axis does not show is at its low end.
inline double end_of(const Axis& axis, const Scale& scale, double value) noexcept {
  return axis.shows(value) ? std::clamp(scale.at(value), 0.0, 1.0) : 0;
}

/// The place of a point in its panel, in pixels.
inline ChartPoint placed(const Layout& at, double x, double y) noexcept {
  return {place(at.w, at.x.at(x)), place(at.h, 1 - at.y.at(y))};
}

/// The number of a series' colour.
inline std::size_t colour_of(const Layout& at, const Series& series) {
  const auto entry = at.index.find(series.name);
  return entry == at.index.end() ? at.legend.size() : entry->second;
}

inline std::string legend(const Layout& at) {
  std::string s;
  if (at.at_lines || at.legend.size() < 2) return s;
  for (std::size_t index = 0; index < at.legend.size(); ++index) {
    const Entry& entry = at.legend[index];
    const int i = static_cast<int>(index);
    const int x = Layout::margin + i % at.in_row * at.entry;
    const int y = at.legend_top + i / at.in_row * Layout::line;
    if (entry.lines) s += path(line_look(index, entry.strong), pair(x, y, "M") + "h22");
    if (entry.dots) s += path(look(index) + " o", dot(x + 11, y, index, entry.strong));
    s += text(x + 30, y + 4, entry.strong ? "k" : "", entry.name);
  }
  return s;
}

/// The names at the ends of the lines, one below the other where the lines end close together. Thin
/// lines lead to them.
inline std::string labels(const Layout& at) {
  std::string s;
  if (!at.at_lines) return s;
  struct Label {
    int y = 0;
    std::size_t index = 0;
    double x = 0;
  };
  std::vector<Label> ends;
  for (std::size_t index = 0; index < at.legend.size(); ++index) {
    Label end{at.h / 2, index, static_cast<double>(at.w)};
    for (const Series& series : at.chart.panels[0].series) {
      if (series.name != at.legend[index].name) continue;
      for (const ChartPoint& p : series.points) {
        if (!shows(at.chart, p)) continue;
        const ChartPoint here = placed(at, p.x, p.y);
        if (here.x < 0 || here.x > at.w) continue;
        end.x = here.x;
        end.y = static_cast<int>(std::clamp(here.y, 0.0, static_cast<double>(at.h)));
      }
    }
    ends.push_back(end);
  }
  std::sort(ends.begin(), ends.end(),
            [](Label a, Label b) { return a.y != b.y ? a.y < b.y : a.index < b.index; });
  std::vector<int> wanted;
  for (const Label& end : ends) wanted.push_back(end.y);
  const std::vector<int> heights = apart(wanted, Layout::label_gap, at.h);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const Entry& entry = at.legend[ends[i].index];
    const int y = heights[i], x = at.w + Layout::leader;
    s += path(look(ends[i].index) + " l",
              pair(ends[i].x, ends[i].y, "M") + pair(x - 9, y, "L") + "h4");
    s += text(x, y + 4, entry.strong ? "k" : "", entry.name);
  }
  return s;
}

/// Grid, ticks and titles of panel i. Only outer panels have numbers and titles.
inline std::string frame(const Layout& at, int i) {
  std::string s, grid, ticks;
  const bool bottom = i + at.columns >= at.panels;
  for (const Tick& t : at.y.ticks) {
    const double y = place(at.h, 1 - at.y.at(t.value));
    grid += "M0 " + number(y) + "H" + number(at.w);
    if (i % at.columns == 0) s += text(-8, y + 4, "e", t.label);
  }
  for (const Tick& t : at.x.ticks) {
    const double x = place(at.w, at.x.at(t.value));
    ticks += pair(x, at.h, "M") + "v4";
    if (!at.chart.y.labels.empty()) grid += pair(x, 0, "M") + "v" + number(at.h);
    if (bottom && at.upright) s += text(x + 4, at.h + 8, "e", t.label, true);
    if (bottom && !at.upright) s += text(x, at.h + 18, "m", t.label);
  }
  if (i % at.columns == 0) s += text(14 - at.left, at.h / 2, "m", at.chart.y.title, true);
  if (bottom) s += text(at.w / 2, at.h + at.below + 16, "m", at.chart.x.title);
  return path("g", grid) + path("a", "M0 " + number(at.h) + "H" + number(at.w) + ticks) + s;
}

/// The line of a series.
inline std::string curve(const Layout& at, const Series& series) {
  const auto& points = series.points;
  const auto gap = [&](std::size_t i) { return i >= points.size() || !shows(at.chart, points[i]); };
  std::string s;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (gap(i)) continue;
    const ChartPoint here = placed(at, points[i].x, points[i].y);
    s += pair(here.x, here.y, gap(i - 1) ? "M" : "L");
    if (gap(i - 1) && gap(i + 1)) s += lone;
  }
  return path(line_look(colour_of(at, series), series.strong), s);
}

/// The tint of the area below a line, or of the band of its errors.
inline std::string tint(const Layout& at, const Series& series) {
  const auto& points = series.points;
  const auto wide = [&](const ChartPoint& p) { return error_of(at.chart, p) > 0; };
  const bool errors = at.chart.y.labels.empty() && std::any_of(points.begin(), points.end(), wide);
  if (!series.area && !errors) return {};
  const auto gap = [&](std::size_t i) { return i >= points.size() || !shows(at.chart, points[i]); };
  const auto height = [&](double y) {
    return place(at.h, at.chart.y.shows(y) ? 1 - at.y.at(y) : 1);
  };
  std::string s;
  std::size_t first = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (gap(i)) continue;
    if (gap(i - 1)) first = i;
    const double e = series.area ? 0 : error_of(at.chart, points[i]);
    const double x = placed(at, points[i].x, points[i].y).x;
    s += pair(x, height(points[i].y + e), gap(i - 1) ? "M" : "L");
    if (!gap(i + 1)) continue;
    if (series.area)
      s += "V" + number(at.h) + "H" + number(placed(at, points[first].x, points[first].y).x);
    for (std::size_t k = i + 1; !series.area && k-- > first;)
      s += pair(placed(at, points[k].x, points[k].y).x,
                height(points[k].y - error_of(at.chart, points[k])), "L");
    s += "Z";
  }
  return path(look(colour_of(at, series)) + " f", s);
}

/// The series of a panel that have dots in each category.
using Categories = std::map<double, std::vector<const Series*>>;

/// How far a dot is from the middle of its category, in pixels, so that the dots of several series
/// are beside each other.
inline int aside(const std::vector<const Series*>& dots, const Series& series, int room) {
  const int n = static_cast<int>(dots.size());
  const auto rank = std::find(dots.begin(), dots.end(), &series) - dots.begin();
  return (2 * static_cast<int>(rank) - (n - 1)) * std::min(9, room * 4 / 5 / n) / 2;
}

/// The dots and error bars of a series.
inline std::string dots(const Layout& at, const Series& series, Categories& categories) {
  const bool down = !at.chart.y.labels.empty(), across = !at.chart.x.labels.empty();
  const std::size_t index = colour_of(at, series);
  std::string s, bars;
  for (const ChartPoint& p : series.points) {
    if (!shows(at.chart, p)) continue;
    const double x = at.x.at(p.x), y = at.y.at(p.y);
    if (x < 0 || x > 1 || y < 0 || y > 1) continue;
    ChartPoint here = placed(at, p.x, p.y);
    if (down) here.y += aside(categories[p.y], series, at.h / static_cast<int>(at.y.ticks.size()));
    if (across && !down)
      here.x += aside(categories[p.x], series, at.w / static_cast<int>(at.x.ticks.size()));
    s += dot(here.x, here.y, index, series.strong);
    if (const double e = error_of(at.chart, p); e > 0 && down) {
      const auto end = [&](double v) { return place(at.w, end_of(at.chart.x, at.x, v)); };
      bars += pair(end(p.x - e), here.y, "M") + "H" + number(end(p.x + e));
    } else if (e > 0) {
      const auto end = [&](double v) { return place(at.h, 1 - end_of(at.chart.y, at.y, v)); };
      bars += pair(here.x, end(p.y - e), "M") + "V" + number(end(p.y + e));
    }
  }
  return path(look(index) + " v", bars) + path(look(index) + " o", s);
}

/// The tints and lines of a panel, and its dots in front of them. What is emphasised is in front.
inline std::string contents(const Layout& at, const Panel& panel) {
  // An inner svg element clips what lies outside, except for half a line.
  std::string tints, lines, s;
  Categories categories;
  const auto category = at.chart.y.labels.empty() ? &ChartPoint::x : &ChartPoint::y;
  for (const Series& series : panel.series)
    for (const ChartPoint& p : series.points) {
      if (!series.dots || at.chart.x.labels.size() + at.chart.y.labels.size() == 0 ||
          !shows(at.chart, p))
        continue;
      std::vector<const Series*>& here = categories[p.*category];
      if (here.empty() || here.back() != &series) here.push_back(&series);
    }
  for (const bool strong : {false, true})
    for (const Series& series : panel.series) {
      if (series.strong != strong) continue;
      if (series.dots) {
        s += dots(at, series, categories);
      } else {
        tints += tint(at, series);
        lines += curve(at, series);
      }
    }
  if (lines.empty()) return s;
  return "<svg x=\"-2\" y=\"-2\" viewBox=\"-2 -2 " + pair(at.w + 4, at.h + 4) + "\"" +
         sized(at.w + 4, at.h + 4) + ">\n" + tints + lines + "</svg>\n" + s;
}

}  // namespace detail

/// A chart as the text of an SVG file.
///
/// All panels share their axes. Ends that are not given follow from the points: the x axis ends at
/// the outermost points, or at the next ticks if there are only dots; the y axis ends at the next
/// ticks. In one panel of lines the names are at the ends of the lines, otherwise, if there are
/// several, in a legend above the panels. A line has its errors as a band, a dot as a bar. Dots of
/// several series in one category are beside each other. The same bits on every platform.
///
/// Errors: those of `Chart::check`.
inline std::string svg(const Chart& chart) {
  refuse_if(chart.check());
  using namespace detail;
  const Layout at(chart);
  const std::string size = sized(at.width, at.height);
  std::string s = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" + size + ">\n<title>";
  s += escaped(chart.title) + "</title>\n" + style() + "<rect class=\"b\" rx=\"6\"" + size + "/>\n";
  s += text(Layout::margin, 30, "t", chart.title) + legend(at);
  for (int i = 0; i < at.panels; ++i) {
    const Panel& panel = chart.panels[static_cast<std::size_t>(i)];
    s += "<g transform=\"translate(" +
         pair(at.left + i % at.columns * at.column, at.top + i / at.columns * at.row) + ")\">\n";
    s += text(0, -8, "p", panel.title) + frame(at, i) + contents(at, panel) + labels(at);
    s += "</g>\n";
  }
  return s + "</svg>\n";
}

}}}  // namespace gradus::GRADUS_ABI::io
