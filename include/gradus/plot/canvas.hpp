// optional header
// The dots and characters of a chart in a terminal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <gradus/error/check.hpp>
#include <gradus/text/printable.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// How a chart is drawn in characters.
struct Canvas {
  std::size_t width = 80;   ///< of the whole chart, in characters
  std::size_t height = 16;  ///< of the area of a panel's curves, in lines
  bool ascii = false;       ///< only ASCII characters, no braille and box drawing
  bool colour = false;      ///< distinguishes curves by ANSI colours, not by letters

  /// The first fault, for `refuse_if`.
  constexpr Fault check() const noexcept {
    if (width < 20 || width > 1'000)
      return {"io::Canvas", "width", "must be in [20, 1000]", static_cast<double>(width)};
    if (height < 2 || height > 1'000)
      return {"io::Canvas", "height", "must be in [2, 1000]", static_cast<double>(height)};
    return {};
  }
  constexpr bool operator==(const Canvas&) const = default;
};

namespace detail {

/// Cells of dots. Each cell belongs to the curve that drew in it last.
class Dots {
 public:
  /// columns x rows cells, each of across x down dots.
  Dots(int columns, int rows, int across, int down)
      : columns_(columns), rows_(rows), across_(across), down_(down) {
    cells_.resize(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  }
  struct Cell {
    unsigned dots = 0;  ///< bit 4 x + y
    std::size_t curve = 0;
  };
  int width() const noexcept { return columns_ * across_; }
  int height() const noexcept { return rows_ * down_; }
  const Cell& cell(int column, int row) const noexcept { return cells_[index(column, row)]; }

  void dot(int x, int y, std::size_t curve) noexcept {
    if (x < 0 || x >= width() || y < 0 || y >= height()) return;
    Cell& cell = cells_[index(x / across_, y / down_)];
    cell.dots |= 1U << (4 * (x % across_) + y % down_);
    cell.curve = curve;
  }
  /// A line (J. E. Bresenham, Algorithm for computer control of a digital plotter, 1965).
  void line(int x, int y, int to_x, int to_y, std::size_t curve) noexcept {
    const int wide = std::abs(to_x - x), high = std::abs(to_y - y);
    const int right = x < to_x ? 1 : -1, down = y < to_y ? 1 : -1;
    for (int error = wide - high;;) {
      dot(x, y, curve);
      if (x == to_x && y == to_y) return;
      const int twice = 2 * error;
      if (twice > -high) error -= high, x += right;
      if (twice < wide) error += wide, y += down;
    }
  }

 private:
  std::size_t index(int column, int row) const noexcept {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
           static_cast<std::size_t>(column);
  }
  int columns_, rows_, across_, down_;
  std::vector<Cell> cells_{};
};

/// The braille character with these dots.
inline std::string braille(unsigned dots) {
  // Unicode numbers the lowest row of dots last.
  const unsigned code = (dots & 0x7U) | (dots & 0x70U) >> 1 | (dots & 0x8U) << 3 | (dots & 0x80U);
  return {'\xe2', static_cast<char>(0xa0U | code >> 6), static_cast<char>(0x80U | (code & 0x3fU))};
}

/// The letter that draws curve number `curve`.
inline char letter(std::size_t curve) noexcept { return "abcdefghijklmnopqrstuvwxyz"[curve % 26]; }

/// The ANSI colour of a curve, similar to that of the same curve in an SVG chart.
inline std::string colour(std::size_t curve) {
  constexpr std::array<const char*, 6> codes{"34", "33", "32", "35", "36", "31"};
  return std::string("\x1b[").append(codes[curve % codes.size()]).append("m");
}
inline constexpr const char* no_colour = "\x1b[0m";

}  // namespace detail
}}}  // namespace gradus::GRADUS_ABI::io
