// optional header
// The names of temporary files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The temporary file of `name` with this number: "NAME.0123456789abcdef.part".
inline std::string temporary_name(std::string_view name, std::uint64_t number) {
  std::string r(name);
  r += '.';
  for (int shift = 60; shift >= 0; shift -= 4) r += "0123456789abcdef"[number >> shift & 15];
  return r += ".part";
}
/// Whether `other` is a temporary file of `name`; also tells its number.
inline bool is_temporary(std::string_view other, std::string_view name, std::uint64_t& number) {
  if (other.size() <= name.size()) return false;
  number = 0;
  for (const char c : other.substr(name.size() + 1, 16))
    number = number << 4 | (std::string_view("0123456789abcdef").find(c) & 15);
  return other == temporary_name(name, number);
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
