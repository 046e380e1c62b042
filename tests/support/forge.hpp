// A saved file, changed, with checksums that are right again.
#pragma once

#include <gradus/save/safetensors.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace support {

/// The header's length, without the 8 bytes that say it.
inline std::size_t header_size(const std::string& file) {
  std::size_t r = 0;
  for (std::size_t i = 0; i < 8; ++i)
    r |= std::size_t{static_cast<unsigned char>(file[i])} << 8 * i;
  return r;
}
inline std::string with_length(std::string file, std::size_t length) {
  for (std::size_t i = 0; i < 8; ++i) file[i] = static_cast<char>(length >> 8 * i & 255);
  return file;
}
/// The file with this in place of its header, right length and checksums.
inline std::string forged(const std::string& file, const std::string& header) {
  namespace detail = gradus::io::detail;
  const std::string data = file.substr(8 + header_size(file));
  std::string r = with_length(std::string(8, '\0') + header + data, header.size());
  const auto put = [&r](std::size_t at, const auto& digits) {
    if (at + digits.size() <= r.size()) r.replace(at, digits.size(), digits.data(), digits.size());
  };
  put(detail::prefix_size + detail::data_checksum.size(), gradus::io::Crc64().add(data).digits());
  if (8 + header.size() >= detail::prefix_size)
    put(detail::prefix_size - detail::checksum_size,
        detail::checksum_of(std::string_view(r).substr(0, 8 + header.size())));
  return r;
}
inline std::string header_of(const std::string& file) { return file.substr(8, header_size(file)); }
/// The file with one part of its header replaced.
inline std::string forged(const std::string& file, std::string_view part, std::string_view by) {
  std::string header = header_of(file);
  const std::size_t at = header.find(part);
  if (at == std::string::npos) return file;
  return forged(file, header.replace(at, part.size(), by));
}

/// What of a file says anything to every load: without settings, which are remarks, and the names
/// of spans, which count only where both have some; without the checksum of what holds them, and
/// without spaces behind it.
inline std::string without_remarks(const std::string& file) {
  std::string header = header_of(file);
  const std::size_t sum = gradus::io::detail::prefix_size - gradus::io::detail::checksum_size - 8;
  header.erase(sum, gradus::io::detail::checksum_size);
  for (const std::string_view key : {"_settings\":\"", "spans\":\""})
    for (std::size_t at = 0; (at = header.find(key, at)) != std::string::npos;) {
      at += key.size();
      header.erase(at, header.find('"', at) - at);
    }
  header.erase(header.find_last_not_of(' ') + 1);
  return header + file.substr(8 + header_size(file));
}

}  // namespace support
