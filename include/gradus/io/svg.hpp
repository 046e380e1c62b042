// optional header
// Charts as SVG: text that a browser shows, in light and in dark.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gradus/io/chart.hpp>
#include <gradus/io/markup.hpp>
#include <gradus/io/scale.hpp>

namespace gradus::inline GRADUS_ABI::io {

namespace detail {

/// Where everything lies, in pixels.
struct Layout {
  static constexpr double margin = 16, label = 44, title = 18, row = 20;
  const Chart& chart;
  std::vector<std::string> names{};  // of the legend

  double left() const { return label + (chart.y.title.empty() ? 0 : title); }
  double cell_width() const { return left() + chart.width + margin; }
  double cell_height() const {
    return 26 + chart.height + 22 + (chart.x.title.empty() ? 0 : title);
  }
  double width() const {
    return 2 * margin + static_cast<double>(std::max<std::size_t>(1, columns())) * cell_width();
  }
  std::size_t columns() const { return std::min(chart.columns, chart.panels.size()); }
  std::size_t rows() const {
    return columns() == 0 ? 0 : (chart.panels.size() + columns() - 1) / columns();
  }
  double entry() const {  // the width of a legend entry, from its longest name
    std::size_t longest = 0;
    for (const std::string& name : names) longest = std::max(longest, name.size());
    return 40 + 7.0 * static_cast<double>(longest);
  }
  std::size_t entries() const {  // in a row
    return std::max<std::size_t>(1, static_cast<std::size_t>((width() - 2 * margin) / entry()));
  }
  double legend_height() const {
    return names.size() < 2
               ? 0
               : row * static_cast<double>((names.size() + entries() - 1) / entries()) + 4;
  }
  double top() const { return margin + (chart.title.empty() ? 0 : 26) + legend_height(); }
  double height() const { return top() + static_cast<double>(rows()) * cell_height() + margin / 2; }

  std::size_t index(const std::string& name) const {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  }
};

inline Layout layout_of(const Chart& chart) {
  Layout r{chart};
  for (const Panel& panel : chart.panels)
    for (const Series& s : panel.series)
      if (!s.name.empty() && std::find(r.names.begin(), r.names.end(), s.name) == r.names.end())
        r.names.push_back(s.name);
  return r;
}

inline bool on_axis(const Axis& axis, double v) {
  return math::is_finite(v) && std::fabs(v) <= largest && (!axis.logarithmic || v >= 1 / largest);
}

/// The scale of one axis for all panels, which has every point on it that the axis can show.
inline Scale scale_of(const Chart& chart, double Point::* coordinate, const Axis& axis,
                      std::size_t intervals, bool snap) {
  double low = 0, high = 0;
  bool any = false;
  for (const Panel& panel : chart.panels)
    for (const Series& s : panel.series)
      for (const Point& p : s.points) {
        if (!on_axis(chart.x, p.x) || !on_axis(chart.y, p.y)) continue;
        low = any ? std::min(low, p.*coordinate) : p.*coordinate;
        high = any ? std::max(high, p.*coordinate) : p.*coordinate;
        any = true;
      }
  if (!any) low = axis.logarithmic ? 0.1 : 0, high = 1;
  low = axis.low.value_or(std::min(low, axis.high.value_or(low)));
  high = axis.high.value_or(std::max(high, low));
  const Scale r = scale(low, high, axis.logarithmic, intervals);
  const bool keep_low = low < high && (axis.low || !snap),
             keep_high = low < high && (axis.high || !snap);
  return clipped(r, keep_low ? low : r.low, keep_high ? high : r.high);
}

/// Where a fraction of an extent lies, in pixels.
inline double place(double extent, double fraction) noexcept {
  return static_cast<double>(math::ieee(extent) * fraction);
}

inline std::string legend(const Layout& at) {
  std::string s;
  if (at.names.size() < 2) return s;
  for (std::size_t i = 0; i < at.names.size(); ++i) {
    const double x = Layout::margin + at.entry() * static_cast<double>(i % at.entries());
    const double y =
        at.top() - at.legend_height() + Layout::row * static_cast<double>(i / at.entries()) + 8;
    s += line(x, y, x + 22, y, look_of(i) + " k") + text(x + 28, y + 4, "", at.names[i]);
  }
  return s;
}

/// The frame of a panel whose curves begin at (0, 0): grid, ticks and titles.
inline std::string frame(const Chart& chart, const Panel& panel, const Scale& x, const Scale& y) {
  const double w = chart.width, h = chart.height;
  std::string s = text(0, -8, "p", panel.title);
  for (const Tick& t : y.ticks) {
    const double at = place(h, 1 - y.at(t.value));
    s += line(0, at, w, at, "g") + text(-6, at + 4, "e", t.label);
  }
  for (const Tick& t : x.ticks) {
    const double at = place(w, x.at(t.value));
    s += line(at, h, at, h + 4, "a") + text(at, h + 17, "m", t.label);
  }
  s += line(0, h, w, h, "a") + text(w / 2, h + 35, "m", chart.x.title);
  if (!chart.y.title.empty())
    s += "<g transform=\"translate(" + number(-Layout::label) + "," + number(h / 2) +
         ") rotate(-90)\">" + text(0, 0, "m", chart.y.title) + "</g>\n";
  return s;
}

/// How far beyond its axes a panel's curves are drawn: half a line's width.
inline constexpr double slack = 2;

inline std::string curve(const Chart& chart, const Series& series, const Scale& x, const Scale& y,
                         std::size_t index) {
  std::string s;
  bool open = false;
  for (const Point& p : series.points) {
    const bool shown = on_axis(chart.x, p.x) && on_axis(chart.y, p.y);
    if (shown) {
      s += std::string(open ? "L" : "M") + number(place(chart.width, x.at(p.x)) + slack) + " ";
      s += number(place(chart.height, 1 - y.at(p.y)) + slack) + (open ? "" : "h0");
    }
    open = shown;
  }
  return s.empty() ? s : "<path class=\"" + look_of(index) + "\" d=\"" + s + "\"/>\n";
}

inline std::string panel(const Layout& at, std::size_t i, const Scale& x, const Scale& y) {
  const Chart& chart = at.chart;
  const double left =
      Layout::margin + at.left() + at.cell_width() * static_cast<double>(i % at.columns());
  const double top = at.top() + 26 + at.cell_height() * static_cast<double>(i / at.columns());
  std::string s = "<g transform=\"translate(" + number(left) + "," + number(top) + ")\">\n";
  s += frame(chart, chart.panels[i], x, y);
  // An inner svg element clips what lies outside.
  s += "<svg" + attribute("x", -slack) + attribute("y", -slack) +
       attribute("width", chart.width + 2 * slack);
  s += attribute("height", chart.height + 2 * slack) + ">\n";
  for (const Series& series : chart.panels[i].series)
    s += curve(chart, series, x, y, at.index(series.name));
  return s + "</svg>\n</g>\n";
}

}  // namespace detail

/// A chart as the text of an SVG file.
///
/// All panels share their axes. Ends that the axes do not name follow from the points: the
/// outermost points themselves for x, the next ticks for y. The legend, of the curves' names, is
/// over the panels. The same bits on every platform.
/// Errors: `std::invalid_argument` for what `Chart::check` refuses.
inline std::string svg(const Chart& chart) {
  refuse_if(chart.check());
  const detail::Layout at = detail::layout_of(chart);
  const auto intervals = [](double pixels, double each) {
    return static_cast<std::size_t>(std::clamp(pixels / each, 1.0, 12.0));
  };
  const Scale x = detail::scale_of(chart, &Point::x, chart.x, intervals(chart.width, 60), false);
  const Scale y = detail::scale_of(chart, &Point::y, chart.y, intervals(chart.height, 40), true);
  const std::string size =
      detail::attribute("width", at.width()) + detail::attribute("height", at.height());
  std::string s = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" + size +
                  " viewBox=\"0 0 " + detail::number(at.width()) + " " +
                  detail::number(at.height()) + "\">\n";
  s += "<title>" + detail::escaped(chart.title) + "</title>\n" + detail::style();
  s += "<rect class=\"bg\" rx=\"6\"" + size + "/>\n";
  s += detail::text(at.margin, at.margin + 14, "t", chart.title) + detail::legend(at);
  for (std::size_t i = 0; i < chart.panels.size(); ++i) s += detail::panel(at, i, x, y);
  return s + "</svg>\n";
}

}  // namespace gradus::inline GRADUS_ABI::io
