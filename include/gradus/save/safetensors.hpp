// optional header
// Writes the header of a safetensors file.
//
//   8 bytes       the header's length n, little-endian
//   n bytes       JSON: {"__metadata__": {"key": "text"}, "name": {"dtype": "F32", "shape": [3],
//                 "data_offsets": [0, 12]}}, and spaces
//   the rest      the tensors' bytes, without gaps
//
// Source: the format's description, https://github.com/huggingface/safetensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <gradus/config/refuse.hpp>
#include <gradus/save/contents.hpp>
#include <gradus/save/crc64.hpp>
#include <gradus/save/tensor.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The version that is written. Version 1 had no "spans" and no "slots".
inline constexpr int format_version = 2;
/// What every file begins with after the length of its header, and what follows the checksum of
/// length and header. In computing that checksum, its own digits count as zeros.
inline constexpr std::string_view opening = R"({"__metadata__":{"checksum":")";
inline constexpr std::string_view data_checksum = R"(","data_checksum":")";
inline constexpr std::string_view no_digits = "0000000000000000";
inline constexpr std::size_t checksum_size = no_digits.size();
inline constexpr std::size_t prefix_size = 8 + opening.size() + checksum_size;
/// The limit of the format.
inline constexpr std::uint32_t longest_header = 100'000'000;
/// The data begin at a multiple of this.
inline constexpr std::size_t alignment = 64;

inline std::string description(const Tensor& t, std::size_t begin) {
  std::string shape;
  for (std::size_t i = 0; i < t.dimensions; ++i)
    shape.append(i > 0 ? "," : "").append(Digits(t.shape[i]));
  return concat({"\"", t.name, "\":{\"dtype\":\"", t.dtype, "\",\"shape\":[", shape,
                 "],\"data_offsets\":[", Digits(begin), ",", Digits(begin + t.bytes), "]}"});
}

/// The checksum of the length and the header, with zeros in place of its own digits.
inline auto checksum_of(std::string_view length_and_header) noexcept {
  return Crc64()
      .add(length_and_header.substr(0, prefix_size - checksum_size))
      .add(no_digits)
      .add(length_and_header.substr(prefix_size))
      .digits();
}

/// The header from the number of optimizers on, without the spaces at the end.
inline std::string description(const Contents& contents) {
  std::string r =
      concat({"\",\"optimizers\":\"", Digits(contents.optimizers), contents.properties, "\"}"});
  std::size_t begin = 0;
  for (const Tensor& t : contents.tensors) {
    r.append(",").append(description(t, begin));
    begin += t.bytes;
  }
  return r.append("}");
}

/// The length and the header of a file.
inline std::string length_and_header(const Contents& contents, const Crc64& data) {
  const auto of_data = data.digits();
  std::string r = concat({std::string_view("\0\0\0\0\0\0\0\0", 8),
                          opening,
                          no_digits,
                          data_checksum,
                          {of_data.data(), checksum_size},
                          "\",\"gradus\":\"",
                          Digits(format_version),
                          description(contents)});
  r.append((alignment - r.size() % alignment) % alignment, ' ');
  if (r.size() - 8 > longest_header)
    refuse(concat({"gradus::io::save: names and shapes must fit into ", Digits(longest_header),
                   " bytes, the format's limit (got ", Digits(r.size() - 8), ")"})
               .c_str());
  for (std::size_t i = 0; i < 8; ++i) r[i] = static_cast<char>((r.size() - 8) >> 8 * i & 255);
  const auto sum = checksum_of(r);
  r.replace(prefix_size - checksum_size, checksum_size, sum.data(), checksum_size);
  return r;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
