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
/// The coordinate along which errors are drawn.
inline double ChartPoint::* error_axis(const Chart& chart) noexcept {
  return chart.y.labels.empty() ? &ChartPoint::y : &ChartPoint::x;
}
/// The error of a point, or 0 if the chart cannot show it.
inline double error_of(const Chart& chart, const ChartPoint& p) noexcept {
  const Axis& axis = chart.y.labels.empty() ? chart.y : chart.x;
  return p.error > 0 && axis.shows(p.*error_axis(chart) + p.error) ? p.error : 0;
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
        const double value = p.*coordinate;
        const double error = coordinate == error_axis(chart) ? error_of(chart, p) : 0;
        const double from = axis.shows(value - error) ? value - error : value;
        least = std::min(least.value_or(value), std::max(from, axis.low.value_or(from)));
        const double to = value + error;
        most = std::max(most.value_or(value), std::min(to, axis.high.value_or(to)));
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

/// An entry of the legend: a name, and what has it.
struct Entry {
  std::string_view name{};
  bool lines = false, dots = false, strong = false;
};

/// Whether the chart has dots and no lines.
inline bool only_dots(const Chart& chart) {
  for (const Panel& panel : chart.panels)
    for (const Series& s : panel.series)
      if (!s.dots) return false;
  return true;
}

/// Heights near the wanted ones, which are in order, but at least `gap` apart and within [0, h] if
/// there is room.
///
/// Labels that would overlap form a block, whose mean height is the mean of the wanted ones.
inline std::vector<int> apart(const std::vector<int>& wanted, int gap, int h) {
  struct Block {
    int sum = 0, size = 1;
  };
  std::vector<Block> blocks;
  const int n = static_cast<int>(wanted.size());
  for (int i = 0; i < n; ++i) {
    blocks.push_back({wanted[static_cast<std::size_t>(i)] - gap * i});
    while (blocks.size() > 1) {
      const Block last = blocks.back();
      Block& before = blocks[blocks.size() - 2];
      if (before.sum / before.size <= last.sum / last.size) break;
      before.sum += last.sum;
      before.size += last.size;
      blocks.pop_back();
    }
  }
  std::vector<int> heights;
  for (const Block& block : blocks)
    for (int i = 0; i < block.size; ++i)
      heights.push_back(std::clamp(block.sum / block.size, 0, std::max(0, h - gap * (n - 1))) +
                        gap * static_cast<int>(heights.size()));
  return heights;
}

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
  static constexpr int label_gap = 15, leader = 24;  // distances of the labels at the lines
  const Chart& chart;
  int w = static_cast<int>(chart.width), h = static_cast<int>(chart.height);
  Scale x = scale_of(chart, chart.x, &ChartPoint::x, std::clamp(w / 56, 1, 12), only_dots(chart));
  Scale y = scale_of(chart, chart.y, &ChartPoint::y, std::clamp(h / 40, 1, 12), true);
  std::vector<Entry> legend{};
  std::map<std::string_view, std::size_t> index{};  // of the names in the legend
  int panels = static_cast<int>(chart.panels.size());
  int columns = std::max(1, static_cast<int>(std::min(chart.columns, chart.panels.size())));
  int column = 0, row = 0;                   // distance from one panel to the next
  int left = 0, top = margin, below = line;  // space around the first panel
  int entry = 0, in_row = 1, legend_top = 0;
  int width = 0, height = 0;
  bool upright = false;   // whether the tick labels below are rotated
  bool at_lines = false;  // whether the names are at the ends of the lines, not in a legend

  explicit Layout(const Chart& of) : chart(of) {
    if (!chart.y.labels.empty()) std::swap(y.low, y.high);
    for (const Panel& panel : chart.panels)
      for (const Series& s : panel.series) {
        if (s.name.empty()) continue;
        const auto [at, added] = index.try_emplace(s.name, legend.size());
        if (added) legend.push_back({s.name});
        Entry& entry_of = legend[at->second];
        (s.dots ? entry_of.dots : entry_of.lines) = true;
        if (s.strong) entry_of.strong = true;
      }
    const int name = longest(legend, &Entry::name), names_in_all = static_cast<int>(legend.size());
    at_lines = panels == 1 && names_in_all > 1 && names_in_all * label_gap <= h && name <= 320 &&
               std::none_of(legend.begin(), legend.end(), [](const Entry& e) { return e.dots; });
    const int label = longest(x.ticks, &Tick::label),
              heading = longest(chart.panels, &Panel::title);
    const int names = static_cast<int>(chart.x.labels.size());
    upright = names > 0 && label > w / names - 4;
    if (upright) below = label + 12;
    left = margin + longest(y.ticks, &Tick::label) + 8 + (chart.y.title.empty() ? 0 : line);
    column = std::max({w, heading * 8 / 7, extent(chart.x.title)}) +
             (names > 0 ? 24 : std::max(24, label + 8));
    row = h + (heading > 0 ? 24 + line : 16);
    entry = name + 54;
    if (at_lines) column = std::max(column, w + leader + name + margin);
    width = std::max(left + columns * column, 2 * margin + extent(chart.title) * 10 / 7);
    if (!chart.title.empty()) top += 28;
    if (legend.size() > 1 && !at_lines) {
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
