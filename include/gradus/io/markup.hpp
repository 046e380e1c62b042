// optional header
// The elements that an SVG chart is made of.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include <gradus/version.hpp>

namespace gradus::inline GRADUS_ABI::io::detail {

/// Colours of curves, on a light and on a dark ground.
inline constexpr std::array<std::array<const char*, 2>, 10> colours{{{"#1668b8", "#58a6ff"},
                                                                     {"#cf5b00", "#ff9a4d"},
                                                                     {"#1b8a3a", "#4cc96b"},
                                                                     {"#c22f3d", "#ff7b80"},
                                                                     {"#8250c8", "#bc8cff"},
                                                                     {"#7d5436", "#c99a75"},
                                                                     {"#c43a8e", "#f778ba"},
                                                                     {"#5c6670", "#a4aeb8"},
                                                                     {"#7c7500", "#cfc23a"},
                                                                     {"#0a828f", "#3fc6d3"}}};

/// Text as it may stand in XML.
inline std::string escaped(std::string_view text) {
  std::string r;
  for (const char c : text) {
    switch (c) {
      case '&': r += "&amp;"; break;
      case '<': r += "&lt;"; break;
      case '>': r += "&gt;"; break;
      case '"': r += "&quot;"; break;
      case '\'': r += "&#39;"; break;
      default: r += c >= '\0' && c < ' ' ? ' ' : c;
    }
  }
  return r;
}

/// A coordinate, to a hundredth of a pixel; what lies far outside the picture is brought nearer.
inline std::string number(double x) {
  std::array<char, 32> text{};
  const double near = std::clamp(x, -1e5, 1e5);
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), near, std::chars_format::fixed, 2).ptr;
  std::string s(text.data(), end);
  while (s.back() == '0') s.pop_back();
  if (s.back() == '.') s.pop_back();
  return s == "-0" ? "0" : s;
}

/// An attribute ` name="x"`.
inline std::string attribute(const char* name, double x) {
  return std::string(" ") + name + "=\"" + number(x) + "\"";
}

inline std::string text(double x, double y, const char* look, std::string_view what) {
  if (what.empty()) return {};
  return "<text" + attribute("x", x) + attribute("y", y) + " class=\"" + look + "\">" +
         escaped(what) + "</text>\n";
}
inline std::string line(double x1, double y1, double x2, double y2, std::string_view look) {
  return "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) +
         attribute("y2", y2) + " class=\"" + std::string(look) + "\"/>\n";
}

/// The look of curve i: ten colours, then the same dashed.
inline std::string look_of(std::size_t i) {
  return "s" + std::to_string(i % colours.size()) + (i >= colours.size() ? " d" : "");
}

inline std::string style() {
  std::string s =
      "<style>\n.bg{fill:#fff}\ntext{fill:#1f2328;font:12px system-ui,sans-serif}\n"
      ".t{font-size:16px;font-weight:600}.p{font-size:13px;font-weight:600}\n"
      ".m{text-anchor:middle}.e{text-anchor:end}\n"
      ".g{stroke:#d8dee4}.a{stroke:#59636e}path{fill:none;stroke-linejoin:round;stroke-linecap:"
      "round}\n"
      "path,.k{stroke-width:1.8}.d{stroke-dasharray:5 4}\n";
  for (std::size_t i = 0; i < colours.size(); ++i)
    s += ".s" + std::to_string(i) + "{stroke:" + colours[i][0] + "}";
  s += "\n@media(prefers-color-scheme:dark){.bg{fill:#0d1117}text{fill:#e6edf3}.g{stroke:#30363d}."
       "a{stroke:#9198a1}\n";
  for (std::size_t i = 0; i < colours.size(); ++i)
    s += ".s" + std::to_string(i) + "{stroke:" + colours[i][1] + "}";
  return s + "}\n</style>\n";
}

}  // namespace gradus::inline GRADUS_ABI::io::detail
