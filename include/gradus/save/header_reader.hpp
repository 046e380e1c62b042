// optional header
// Reads the header of a safetensors file that gradus wrote.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <gradus/save/file.hpp>
#include <gradus/save/safetensors.hpp>
#include <gradus/save/tensor.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// A tensor in a saved file. dtype is the type of its numbers ("F32"); the shape of a single number
/// is empty.
struct SavedTensor {
  std::string name, dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t bytes = 0;
};

namespace detail {

/// "F32 [3]", for messages.
inline std::string in_words(std::string_view dtype, std::span<const std::uint64_t> shape) {
  std::string r(dtype);
  for (std::size_t i = 0; i < shape.size(); ++i)
    r.append(i > 0 ? ", " : " [").append(std::to_string(shape[i]));
  return r + (shape.empty() ? "" : "]");
}

/// The length and the header of a file. Refuses a file whose header is damaged.
inline std::string read_header(Source& file) {
  const auto damaged = [&file](const char* what) {
    refuse_file(file.path(), std::string("is damaged, or no file of gradus: ") + what);
  };
  std::string r(prefix_size, '\0');
  if (file.size() < r.size()) damaged("it is too short");
  file.read(r.data(), r.size());
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i)
    length |= std::uint64_t{static_cast<unsigned char>(r[i])} << 8 * i;
  if (length > std::min<std::uint64_t>(file.size() - 8, longest_header))
    damaged("its header is too long");
  if (length < prefix_size - 8) damaged("its header is too short");
  if (!std::string_view(r).substr(8).starts_with(opening)) damaged("it begins otherwise");
  r.append(static_cast<std::uint32_t>(length) - (prefix_size - 8), ' ');
  file.read(r.data() + prefix_size, r.size() - prefix_size);
  const auto sum = checksum_of(r);
  if (r.substr(prefix_size - digits, digits) != std::string_view(sum.data(), sum.size()))
    damaged("the header's checksum is wrong");
  return r;
}

/// Reads a header word by word, in exactly the order and spelling in which gradus writes it, and
/// refuses any other.
class HeaderReader {
 public:
  /// Begins at the checksum of the data.
  HeaderReader(const std::string& path, std::string_view length_and_header)
      : path_(path), rest_(length_and_header.substr(prefix_size)) {
    expect(data_checksum);
    data_checksum_ = text();
    const std::string_view version = property("gradus");
    if (version != "1" && version != "2") other("be of format 1 or 2", version);
    version_ = version == "1" ? 1 : 2;
  }
  std::string_view checksum_of_data() const noexcept { return data_checksum_; }
  int version() const noexcept { return version_; }

  bool take(std::string_view word) noexcept {
    const bool is = rest_.starts_with(word);
    if (is) rest_.remove_prefix(word.size());
    return is;
  }
  [[noreturn]] void malformed() const { refuse_file(path_, "has a malformed header"); }
  void expect(std::string_view word) {
    if (!take(word)) malformed();
  }
  /// The text of the next property, which must have this key.
  std::string_view property(std::string_view key) {
    expect("\",\"");
    expect(key);
    expect("\":\"");
    return text();
  }
  /// The next tensor, whose bytes must begin where those of the tensor before end.
  SavedTensor tensor(std::uint64_t begin) {
    SavedTensor t;
    expect("\"");
    t.name = text();
    expect("\":{\"dtype\":\"");
    t.dtype = text();
    expect("\",\"shape\":[");
    while (!take("]")) {
      if (!t.shape.empty()) expect(",");
      t.shape.push_back(number());
    }
    expect(",\"data_offsets\":[");
    if (number() != begin) malformed();
    expect(",");
    const std::uint64_t end = number();
    if (end < begin) malformed();
    t.bytes = end - begin;
    expect("]}");
    return t;
  }
  /// All remaining tensors.
  std::vector<SavedTensor> tensors(std::uint64_t begin = 0) {
    std::vector<SavedTensor> r;
    while (take(",")) {
      r.push_back(tensor(begin));
      begin += r.back().bytes;
    }
    if (!take_end()) malformed();
    return r;
  }
  bool take_end() noexcept {
    return take("}") && rest_.find_first_not_of(' ') == std::string_view::npos;
  }
  [[noreturn]] void other(const std::string& must, std::string_view got) const {
    refuse_file(path_, "must " + shown(must) + " (got " + shown(got) + ")");
  }

 private:
  /// The text up to the closing quotes, which are not taken.
  std::string_view text() noexcept {
    std::size_t n = 0;
    while (n < rest_.size() && is_plain(rest_[n])) ++n;
    const std::string_view r = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return r;
  }
  /// A number below 2^64, without leading zeros.
  std::uint64_t number() {
    std::uint64_t r = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), r);
    const auto n = static_cast<std::size_t>(end - rest_.data());
    if (error != std::errc() || (n > 1 && rest_[0] == '0')) malformed();
    rest_.remove_prefix(n);
    return r;
  }
  /// Shortened, for messages.
  static std::string shown(std::string_view s) {
    constexpr std::size_t most = 300;
    return s.size() <= most ? std::string(s) : std::string(s.substr(0, most)) + "...";
  }
  const std::string& path_;
  std::string_view rest_;
  std::string_view data_checksum_{};
  int version_ = 0;
};

}  // namespace detail
}}}  // namespace gradus::GRADUS_ABI::io
