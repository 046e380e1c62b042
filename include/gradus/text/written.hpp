// optional header
// A number as text for people.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <string>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A number without trailing zeros: "0.5", "12", "1e-5".
inline std::string written(double x, std::chars_format format, int precision) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x, format, precision).ptr;
  std::string s(text.data(), end), exponent;
  if (const std::size_t e = s.find('e'); e != s.npos) {
    exponent = "e" + std::to_string(std::stoi(s.substr(e + 1)));
    s.resize(e);
  }
  if (s.find('.') != s.npos) s.erase(s.find_last_not_of('0') + 1);
  if (s.back() == '.') s.pop_back();
  return (s == "-0" ? "0" : s) + exponent;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
