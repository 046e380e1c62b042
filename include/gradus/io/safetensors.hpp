// optional header
// The header of a safetensors file: written, and read by one that knows what must be in it.
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

#include <gradus/io/contents.hpp>
#include <gradus/io/crc64.hpp>

namespace gradus::inline GRADUS_ABI::io::detail {

inline constexpr std::string_view format_version = "1";
/// How every file begins after its header's length, and what follows the checksum of the header
/// (and length), for which its own digits count as zeros.
inline constexpr std::string_view opening = R"({"__metadata__":{"checksum":")";
inline constexpr std::string_view data_checksum = R"(","data_checksum":")";
inline constexpr std::size_t digits = 16;
inline constexpr std::size_t prefix_size = 8 + opening.size() + digits;
/// The format's own limit.
inline constexpr std::uint32_t longest_header = 100'000'000;
/// Where the data begin, a multiple of this.
inline constexpr std::size_t alignment = 64;

inline std::string description(const Tensor& t, std::size_t begin) {
  std::string r = "\"" + t.name + "\":{\"dtype\":\"" + std::string(t.dtype) + "\",\"shape\":[";
  for (std::size_t i = 0; i < t.dimensions; ++i)
    r += (i > 0 ? "," : "") + std::to_string(t.shape[i]);
  return r + "],\"data_offsets\":[" + std::to_string(begin) + "," +
         std::to_string(begin + t.bytes) + "]}";
}

/// The length and the checksum of a header, in which the digits of the checksum are zeros.
inline auto checksum_of(std::string_view length_and_header) noexcept {
  return Crc64()
      .add(length_and_header.substr(0, prefix_size - digits))
      .add("0000000000000000")
      .add(length_and_header.substr(prefix_size))
      .digits();
}

/// Length and header of a file.
inline std::string length_and_header(const Contents& contents, const Crc64& data) {
  const auto of_data = data.digits();
  std::string r(8, '\0');
  r.append(opening).append(digits, '0').append(data_checksum).append(of_data.data(), digits);
  const auto say = [&](std::string_view key, std::string_view value) {
    r.append("\",\"").append(key).append("\":\"").append(value);
  };
  say("gradus", format_version);
  say("optimizers", std::to_string(contents.optimizers));
  for (const Property& p : contents.properties) say(p.key, p.value);
  r += "\"}";
  std::size_t begin = 0;
  for (const Tensor& t : contents.tensors) {
    r.append(",").append(description(t, begin));
    begin += t.bytes;
  }
  r += "}";
  r.append((alignment - r.size() % alignment) % alignment, ' ');
  if (r.size() - 8 > longest_header)
    refuse(("gradus::io::save: names and shapes must fit into " + std::to_string(longest_header) +
            " bytes, the format's limit (got " + std::to_string(r.size() - 8) + ")")
               .c_str());
  for (std::size_t i = 0; i < 8; ++i) r[i] = static_cast<char>((r.size() - 8) >> 8 * i & 255);
  const auto sum = checksum_of(r);
  r.replace(prefix_size - digits, digits, sum.data(), digits);
  return r;
}

/// Reads a header of which every word but the texts is known; refuses what is otherwise.
class HeaderReader {
 public:
  HeaderReader(const std::string& path, std::string_view text) : path_(path), rest_(text) {}

  void expect(std::string_view word) {
    if (!take(word)) refuse_file(path_, "has a malformed header");
  }
  /// The rest of a text, up to the quotes, which stay.
  std::string_view text() noexcept {
    std::size_t n = 0;
    while (n < rest_.size() && is_plain(rest_[n])) ++n;
    const std::string_view r = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return r;
  }
  /// A tensor, described in these words.
  void expect_tensor(std::string_view description) {
    expect(",");
    if (!take(description)) other(description, rest_.substr(0, rest_.find('}') + 1));
  }
  void expect_end() {
    if (rest_.starts_with(",")) other("no more tensors", rest_.substr(1, rest_.find('}')));
    expect("}");
    if (rest_.find_first_not_of(' ') != std::string_view::npos) expect("no more");
  }
  [[noreturn]] void other(std::string_view wanted, std::string_view got) const {
    refuse_file(path_, "must have " + shown(wanted) + " (got " + shown(got) + ")");
  }

 private:
  bool take(std::string_view word) noexcept {
    const bool is = rest_.starts_with(word);
    if (is) rest_.remove_prefix(word.size());
    return is;
  }
  /// Short enough to be read, and nothing that a terminal would obey.
  static std::string shown(std::string_view s) {
    constexpr std::size_t most = 300;
    std::string r(s.substr(0, most));
    for (char& c : r)
      if (c < ' ' || c > '~') c = '?';
    return s.size() <= most ? r : r + "...";
  }
  const std::string& path_;
  std::string_view rest_;
};

}  // namespace gradus::inline GRADUS_ABI::io::detail
