// optional header
// The elements of an SVG chart.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <gradus/plot/scale.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/printable.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Colours of curves on a light and on a dark background. Their contrast is at least 3, and
/// neighbours differ in lightness, for readers who are colour-blind.
inline constexpr std::array<std::array<const char*, 2>, 10> colours{{{"#0b62b0", "#5aa9f5"},
                                                                     {"#d9622b", "#ff9a62"},
                                                                     {"#17896b", "#45cfa6"},
                                                                     {"#8a3fa0", "#c98bdc"},
                                                                     {"#b5850c", "#f0c04a"},
                                                                     {"#2f9ac4", "#8fdcfa"},
                                                                     {"#c2356b", "#ff80ac"},
                                                                     {"#596673", "#b3bec9"},
                                                                     {"#6b8a1c", "#b5d957"},
                                                                     {"#7a4a2b", "#cf9d7c"}}};

/// Any bytes as text that is valid in XML.
inline std::string escaped(std::string_view text) {
  std::string r;
  while (!text.empty()) {
    const std::size_t bytes = character(text);
    switch (text[0]) {
      case '&': r += "&amp;"; break;
      case '<': r += "&lt;"; break;
      case '>': r += "&gt;"; break;
      case '"': r += "&quot;"; break;
      default: r += bytes == 0 ? "\xef\xbf\xbd" : text.substr(0, bytes);  // U+FFFD
    }
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return r;
}

/// The approximate width of a text, in pixels.
inline int extent(std::string_view text) noexcept {
  return 7 * static_cast<int>(std::min<std::size_t>(text.size(), 200));
}

/// A coordinate, rounded to a hundredth of a pixel.
inline std::string number(double x) { return written(x, std::chars_format::fixed, 2); }
inline std::string pair(double x, double y, const char* before = "") {
  return std::string(before).append(number(x)).append(" ").append(number(y));
}

inline std::string sized(double width, double height) {
  return std::string(" width=\"") + number(width) + "\" height=\"" + number(height) + "\"";
}

inline std::string text(double x, double y, std::string_view look, std::string_view what,
                        bool upright = false) {
  if (what.empty()) return {};
  std::string s = "<text class=\"" + std::string(look) + "\" transform=\"translate(" + pair(x, y);
  s += upright ? ")rotate(-90)\">" : ")\">";
  return s + escaped(what) + "</text>\n";
}
inline std::string path(std::string_view look, std::string_view moves) {
  if (moves.empty()) return {};
  return "<path class=\"" + std::string(look) + "\" d=\"" + std::string(moves) + "\"/>\n";
}

/// The CSS classes of curve i: ten colours, then for lines the same colours with dashes.
inline std::string look(std::size_t i, bool strong = false) {
  std::string s = "s" + std::to_string(i % colours.size());
  if (strong) s += " k";
  return s;
}
inline std::string line_look(std::size_t i, bool strong) {
  return look(i, strong) + (i >= colours.size() ? " d" : "");
}

/// The outline of a dot of curve i: a disc, or from the eleventh curve a square. A path with
/// several dots shows the outline of each, also where they overlap.
inline std::string dot(double x, double y, std::size_t i, bool strong) {
  const std::string r = strong ? "5" : "4", wide = strong ? "10" : "8";
  if (i >= colours.size()) {
    const double half = strong ? 5 : 4;
    return pair(x - half, y - half, "M") + "h" + wide + "v" + wide + "h-" + wide + "z";
  }
  const std::string arc = "a" + r + " " + r + " 0 1 0 ";
  return pair(x - (strong ? 5 : 4), y, "M") + arc + wide + " 0" + arc + "-" + wide + " 0";
}

inline std::string style() {
  const auto colour_of = [](std::size_t ground) {
    std::string s;
    for (std::size_t i = 0; i < colours.size(); ++i)
      s += ".s" + std::to_string(i) + "{color:" + colours[i][ground] + "}";
    return s;
  };
  return "<style>\n"
         "text{font:12px system-ui,sans-serif;fill:#1f2328}.b{fill:#fff}\n"
         ".t{font-size:16px;font-weight:600}.p{font-size:13px;font-weight:600}\n"
         ".m{text-anchor:middle}.e{text-anchor:end}\n"
         "path{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;"
         "stroke-linejoin:round}\n"
         ".g,.a{stroke-width:1;shape-rendering:crispEdges}.g{stroke:#d8dee4}.a{stroke:#59636e}\n"
         ".d{stroke-dasharray:5 5}.k{stroke-width:3.4;font-weight:600}.l{stroke-width:1}\n"
         ".o{fill:currentColor;stroke:#fff;stroke-width:1}.v{stroke-width:1.6;opacity:.6}\n"
         ".f{fill:currentColor;stroke:none;opacity:.14}\n" +
         colour_of(0) +
         "\n@media(prefers-color-scheme:dark){text{fill:#e6edf3}.b{fill:#0d1117}"
         ".g{stroke:#30363d}.a{stroke:#9198a1}.o{stroke:#0d1117}\n" +
         colour_of(1) + "}\n</style>\n";
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
