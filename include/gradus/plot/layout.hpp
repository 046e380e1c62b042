// optional header
// The positions of the elements of a chart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/plot/chart.hpp>
#include <gradus/plot/markup.hpp>
#include <gradus/plot/scale.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

inline bool shows(const Chart& chart, const ChartPoint& p) noexcept {
  return chart.x.shows(p.x) && chart.y.shows(p.y);
}
inline bool within(const Axis& axis, double v) noexcept {
  return v >= axis.low.value_or(v) && v <= axis.high.value_or(v);
}

/// The scale of an axis for all panels. If the axis has no `low` or `high`, the scale ends at the
/// outermost point, or with `snap` at the next tick.
inline Scale scale_of(const Chart& chart, const Axis& axis, double ChartPoint::* coordinate,
                      int intervals, bool snap) {
  if (!axis.labels.empty()) return categories(axis.labels);
  std::optional<double> least = axis.low, most = axis.high;
  for (const Panel& panel : chart.panels)
    for (const Series& s : panel.series)
      for (const ChartPoint& p : s.points) {
        if (!shows(chart, p) || !within(chart.x, p.x) || !within(chart.y, p.y)) continue;
        least = std::min(least.value_or(p.*coordinate), p.*coordinate);
        most = std::max(most.value_or(p.*coordinate), p.*coordinate);
      }
  const double one = most.value_or(1);
  double low = least.value_or(axis.logarithmic ? one / 10 : one - 1);
  double high = most.value_or(axis.logarithmic ? low * 10 : low + 1);
  const double given_low = low, given_high = high;
  spread(low, high);
  if (axis.low) low = given_low;
  if (axis.high) high = given_high;
  const Scale r = scale(low, high, axis.logarithmic, intervals);
  return clipped(r, axis.low || !snap ? low : r.low, axis.high || !snap ? high : r.high);
}

/// An entry of the legend: a name, and whether lines or dots have it.
struct Entry {
  std::string_view name{};
  bool lines = false, dots = false;
};

/// The width of the longest of some texts.
template <class Things, class Text>
int longest(const Things& things, Text text) {
  int r = 0;
  for (const auto& thing : things) r = std::max(r, extent(thing.*text));
  return r;
}

/// All positions, in whole pixels, so that rounding is the same with every compiler option.
struct Layout {
  static constexpr int margin = 16, line = 20;
  const Chart& chart;
  int w = static_cast<int>(chart.width), h = static_cast<int>(chart.height);
  Scale x = scale_of(chart, chart.x, &ChartPoint::x, std::clamp(w / 56, 1, 12), false);
  Scale y = scale_of(chart, chart.y, &ChartPoint::y, std::clamp(h / 40, 1, 12), true);
  std::vector<Entry> legend{};
  std::map<std::string_view, std::size_t> index{};  // of the names in the legend
  int panels = static_cast<int>(chart.panels.size());
  int columns = std::max(1, static_cast<int>(std::min(chart.columns, chart.panels.size())));
  int column = 0, row = 0;                   // distance from one panel to the next
  int left = 0, top = margin, below = line;  // space around the first panel
  int entry = 0, in_row = 1, legend_top = 0;
  int width = 0, height = 0;
  bool upright = false;  // whether the tick labels below are rotated

  explicit Layout(const Chart& of) : chart(of) {
    if (!chart.y.labels.empty()) std::swap(y.low, y.high);
    for (const Panel& panel : chart.panels)
      for (const Series& s : panel.series) {
        if (s.name.empty()) continue;
        const auto [at, added] = index.try_emplace(s.name, legend.size());
        if (added) legend.push_back({s.name});
        (s.dots ? legend[at->second].dots : legend[at->second].lines) = true;
      }
    const int label = longest(x.ticks, &Tick::label),
              heading = longest(chart.panels, &Panel::title);
    const int names = static_cast<int>(chart.x.labels.size());
    upright = names > 0 && label > w / names - 4;
    if (upright) below = label + 12;
    left = margin + longest(y.ticks, &Tick::label) + 8 + (chart.y.title.empty() ? 0 : line);
    column = std::max({w, heading * 8 / 7, extent(chart.x.title)}) +
             (names > 0 ? 24 : std::max(24, label + 8));
    row = h + 16 + (heading > 0 ? line : 0);
    entry = longest(legend, &Entry::name) + 54;
    width = std::max(left + columns * column, 2 * margin + extent(chart.title) * 10 / 7);
    if (!chart.title.empty()) top += 28;
    if (legend.size() > 1) {
      width = std::max(width, margin + entry);
      in_row = (width - margin) / entry;
      legend_top = top + 6;
      top += line * ((static_cast<int>(legend.size()) - 1) / in_row + 1) + 8;
    }
    if (heading > 0) top += line;
    height = top + (panels - 1) / columns * row + h + below + 10;
    if (!chart.x.title.empty()) height += line;
  }
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
