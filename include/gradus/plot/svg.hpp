// optional header
// Charts as SVG, in light and dark mode.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include <gradus/error/fault.hpp>
#include <gradus/plot/layout.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

inline constexpr const char* dot = "h.01";  // so short that only its round ends are visible

/// The position of a fraction of an extent, in pixels; limited far outside.
inline double place(int extent, double fraction) noexcept {
  return static_cast<double>(math::ieee(extent) * std::clamp(fraction, -1e3, 1e3));
}

inline std::string legend(const Layout& at) {
  std::string s;
  for (int i = 0; at.legend.size() > 1 && i < static_cast<int>(at.legend.size()); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const Entry& entry = at.legend[index];
    const int x = Layout::margin + i % at.in_row * at.entry;
    const int y = at.legend_top + i / at.in_row * Layout::line;
    if (entry.lines) s += path(look(index, false), pair(x, y, "M") + "h22");
    if (entry.dots) s += path(look(index, true), pair(x + 11, y, "M") + dot);
    s += text(x + 30, y + 4, "", entry.name);
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
    if (bottom && at.upright) s += text(x + 4, at.h + 8, "e", t.label, true);
    if (bottom && !at.upright) s += text(x, at.h + 18, "m", t.label);
  }
  if (i % at.columns == 0) s += text(14 - at.left, at.h / 2, "m", at.chart.y.title, true);
  if (bottom) s += text(at.w / 2, at.h + at.below + 16, "m", at.chart.x.title);
  return path("g", grid) + path("a", "M0 " + number(at.h) + "H" + number(at.w) + ticks) + s;
}

inline std::string curve(const Layout& at, const Series& series) {
  const auto& points = series.points;
  const auto gap = [&](std::size_t i) {
    return series.dots || i >= points.size() || !shows(at.chart, points[i]);
  };
  std::string s;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!shows(at.chart, points[i])) continue;
    s += pair(place(at.w, at.x.at(points[i].x)), place(at.h, 1 - at.y.at(points[i].y)),
              gap(i - 1) ? "M" : "L");
    if (gap(i - 1) && gap(i + 1)) s += dot;
  }
  const auto entry = at.index.find(series.name);
  const std::size_t index = entry == at.index.end() ? at.legend.size() : entry->second;
  return path(look(index, series.dots), s);
}

}  // namespace detail

/// A chart as the text of an SVG file.
///
/// All panels share their axes. Ends that are not given follow from the points: the x axis ends at
/// the outermost points, the y axis at the next ticks. If there are several names, the legend above
/// the panels shows them. The same bits on every platform.
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
  // An inner svg element clips what lies outside, except for half a dot.
  const std::string clip = "<svg x=\"-5\" y=\"-5\" viewBox=\"-5 -5 " + pair(at.w + 10, at.h + 10) +
                           "\"" + sized(at.w + 10, at.h + 10) + ">\n";
  for (int i = 0; i < at.panels; ++i) {
    const Panel& panel = chart.panels[static_cast<std::size_t>(i)];
    s += "<g transform=\"translate(" +
         pair(at.left + i % at.columns * at.column, at.top + i / at.columns * at.row) + ")\">\n";
    s += text(0, -8, "p", panel.title) + frame(at, i) + clip;
    for (const Series& series : panel.series) s += curve(at, series);
    s += "</svg>\n</g>\n";
  }
  return s + "</svg>\n";
}

}}}  // namespace gradus::GRADUS_ABI::io
