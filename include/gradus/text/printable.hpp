// optional header
// The characters of a text that anybody may have written.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The number of bytes of the first character of a text; 0 if it is not valid in XML.
inline std::size_t character(std::string_view text) noexcept {
  constexpr std::uint32_t least[]{0x20, 0, 0x80, 0x800, 0x10000};
  const auto ones = static_cast<std::size_t>(std::countl_one(static_cast<unsigned char>(text[0])));
  const std::size_t bytes = ones == 0 ? 1 : ones;
  if (ones == 1 || ones > 4 || bytes > text.size()) return 0;
  std::uint32_t code = static_cast<unsigned char>(text[0]) & (0xffU >> (ones + 1));
  for (const char c : text.substr(1, bytes - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >> 6 != 2) return 0;
    code = code << 6 | (byte & 0x3fU);
  }
  const bool known = code >= least[ones] && code >> 11 != 0x1b && code <= 0x10ffff;
  return known && code != 0xfffe && code != 0xffff ? bytes : 0;
}

/// Any bytes as text that is safe for a terminal: without control characters.
inline std::string printable(std::string_view text, bool ascii) {
  std::string r;
  while (!text.empty()) {
    const std::size_t bytes = character(text) == 0 ? 1 : character(text);
    const auto first = static_cast<unsigned char>(text[0]);
    const bool control = first == 0x7f || (first == 0xc2 && bytes == 2 &&
                                           static_cast<unsigned char>(text[1]) < 0xa0);
    const bool shown = character(text) != 0 && first >= ' ' && !control && (first < 0x80 || !ascii);
    r.append(shown ? text.substr(0, bytes) : "?");
    text.remove_prefix(bytes);
  }
  return r;
}

/// The number of characters of UTF-8 text.
inline int length(std::string_view text) noexcept {
  int r = 0;
  for (const char c : text) r += static_cast<unsigned char>(c) >> 6 != 2 ? 1 : 0;
  return r;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
