// optional header
// Charts in a terminal: braille dots, or plain ASCII.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/plot/canvas.hpp>
#include <gradus/plot/layout.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Draws a chart on characters.
class TerminalPlot {
 public:
  TerminalPlot(const Chart& chart, const Canvas& canvas)
      : chart_(chart), canvas_(canvas), rows_(static_cast<int>(canvas.height)) {
    y_ = scale_of(chart, chart.y, &ChartPoint::y, std::clamp(rows_ / 4, 1, 100), true);
    if (!chart.y.labels.empty()) std::swap(y_.low, y_.high);
    for (Tick& t : y_.ticks) {
      t.label = printable(t.label, canvas.ascii);
      left_ = std::max(left_, length(t.label) + 1);
    }
    columns_ = std::max(static_cast<int>(canvas.width) - left_ - 1, 8);
    x_ = scale_of(chart, chart.x, &ChartPoint::x, std::clamp(columns_ / 10, 1, 100), false);
    for (Tick& t : x_.ticks) t.label = printable(t.label, canvas.ascii);
    for (const Panel& panel : chart.panels)
      for (const Series& s : panel.series)
        if (!s.name.empty() && index_of(s) == names_.size()) names_.push_back(s.name);
    if (dotted()) across_ = 2, down_ = 4;
  }

  std::string text() const {
    std::string s = line(chart_.title);
    for (std::size_t i = 0; names_.size() > 1 && i < names_.size(); ++i) {
      const std::string sample = canvas_.colour ? box("\u2501\u2501", "--") : "";
      s += "  ";  // not "  " + ..., because g++ 12 then warns of an overlap that cannot happen
      s += canvas_.colour ? colour(i) + sample + no_colour : std::string(1, letter(i));
      s += ' ';
      s += line(names_[i]);
    }
    s += line(chart_.y.title);
    for (const Panel& panel : chart_.panels) s += line(panel.title) + drawn(panel);
    const int middle = left_ + 1 + (columns_ - length(chart_.x.title)) / 2;
    if (!chart_.x.title.empty()) s += space(middle) + line(chart_.x.title);
    return s;
  }

 private:
  static std::string space(int n) {
    return std::string(static_cast<std::size_t>(std::max(n, 0)), ' ');
  }
  std::string box(const char* unicode, const char* ascii) const noexcept {
    return canvas_.ascii ? ascii : unicode;
  }
  std::string line(std::string_view text) const {
    return text.empty() ? "" : printable(text, canvas_.ascii) + "\n";
  }
  std::size_t index_of(const Series& s) const {
    return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), s.name) -
                                    names_.begin());
  }
  /// The dot at a fraction of an axis of `dots` dots; limited far outside.
  static int place(int dots, double fraction) noexcept {
    const math::ieee at = (dots - 1) * math::ieee(std::clamp(fraction, -1.0, 2.0));
    return static_cast<int>(std::floor(static_cast<double>(at + 0.5)));
  }

  /// Whether curves are drawn as dots. If dots could not tell curves apart, each cell is a letter.
  bool dotted() const noexcept { return !canvas_.ascii && (names_.size() < 2 || canvas_.colour); }

  void draw(const Series& series, Dots& dots) const {
    const std::size_t curve = index_of(series);
    bool connected = false;
    int x = 0, y = 0;
    for (const ChartPoint& p : series.points) {
      if (!shows(chart_, p)) {
        connected = false;
        continue;
      }
      const int to_x = place(dots.width(), x_.at(p.x)), to_y = place(dots.height(), 1 - y_.at(p.y));
      if (connected) dots.line(x, y, to_x, to_y, curve);
      dots.dot(to_x, to_y, curve);
      connected = !series.dots;
      x = to_x;
      y = to_y;
    }
  }

  std::string drawn(const Panel& panel) const {
    Dots dots(columns_, rows_, across_, down_);
    for (const Series& series : panel.series) draw(series, dots);
    std::string s;
    for (int row = 0; row < rows_; ++row) {
      std::string label;
      for (const Tick& t : y_.ticks)
        if (place(dots.height(), 1 - y_.at(t.value)) / down_ == row) label = t.label;
      s += space(left_ - 1 - length(label)) + label + " ";
      s += (label.empty() ? box("\u2502", "|") : box("\u2524", "+")) + cells(dots, row) + "\n";
    }
    return s + below();
  }
  /// A row of characters, without trailing spaces.
  std::string cells(const Dots& dots, int row) const {
    std::string s;
    int spaces = 0;
    std::optional<std::size_t> curve;
    for (int column = 0; column < columns_; ++column) {
      const Dots::Cell& cell = dots.cell(column, row);
      if (cell.dots == 0) {
        ++spaces;
        continue;
      }
      s += space(std::exchange(spaces, 0));
      if (canvas_.colour && curve != cell.curve) s += colour(cell.curve);
      curve = cell.curve;
      s += mark(cell);
    }
    return canvas_.colour && curve ? s + no_colour : s;
  }
  std::string mark(const Dots::Cell& cell) const {
    if (dotted()) return braille(cell.dots);
    return std::string(1, names_.size() < 2 ? '*' : letter(cell.curve));
  }

  /// The x axis with as many labels as there is room for.
  std::string below() const {
    std::string axis = space(left_) + box("\u2514", "+"), labels;
    for (int column = 0; column < columns_; ++column) {
      const auto here = [&](const Tick& t) { return place(columns_, x_.at(t.value)) == column; };
      const auto tick = std::find_if(x_.ticks.begin(), x_.ticks.end(), here);
      axis += tick == x_.ticks.end() ? box("\u2500", "-") : box("\u252c", "+");
      if (tick == x_.ticks.end()) continue;
      const int size = length(tick->label), end = left_ + 1 + columns_;
      const int from = std::min(left_ + 1 + column - size / 2, end - size);
      if (labels.empty() || from > length(labels))
        labels += space(from - length(labels)) + tick->label;
    }
    return axis + "\n" + labels + "\n";
  }

  const Chart& chart_;
  const Canvas& canvas_;
  Scale x_{}, y_{};
  std::vector<std::string> names_{};
  int left_ = 1, rows_ = 0, columns_ = 0, across_ = 1, down_ = 1;  // dots in a character
};

}  // namespace detail

/// A chart as lines of text, its panels one below the other.
///
/// One curve, or several in colour, are drawn with braille dots, eight in a character; several
/// curves without colour as letters; in ASCII as letters or stars. Where curves meet, the last one
/// is visible. The axes are those of `svg`. The same bytes on every platform.
///
/// Errors: those of `Chart::check` and `Canvas::check`.
inline std::string terminal(const Chart& chart, const Canvas& canvas = {}) {
  refuse_if(chart.check());
  refuse_if(canvas.check());
  return detail::TerminalPlot(chart, canvas).text();
}

}}}  // namespace gradus::GRADUS_ABI::io
