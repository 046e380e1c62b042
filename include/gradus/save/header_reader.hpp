// optional header
// Reads the header of a safetensors file that gradus wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/save/safetensors.hpp>
#include <gradus/save/tensor.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>

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
  std::string sizes;
  for (const std::uint64_t size : shape) add_item(sizes, Digits(size));
  return shape.empty() ? std::string(dtype) : concat({dtype, " [", sizes, "]"});
}

/// Refuses data of another size, or with another checksum.
inline void check_size(const std::string& path, std::uint64_t must, std::uint64_t got) {
  if (got != must)
    refuse_file(path,
                concat({"must have ", Digits(must), " bytes of data (got ", Digits(got), ")"}));
}
inline void check_sum(const std::string& path, std::string_view must, const Crc64& got) {
  const auto found = got.digits();
  if (must != std::string_view(found.data(), found.size()))
    refuse_file(path, "is damaged: the checksum of its data is wrong");
}

/// The length and the header of a file. Refuses a file whose header is damaged.
inline std::string read_header(Source& file) {
  const auto damaged = [&file](const char* what) {
    refuse_file(file.path(), concat({"is damaged, or no file of gradus: ", what}));
  };
  std::string r(prefix_size, '\0');
  if (file.size() < r.size()) damaged("it is too short");
  file.read(r.data(), r.size());
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i)
    length |= std::uint64_t{static_cast<unsigned char>(r[i])} << 8 * i;
  if (length > file.size() - 8 || length > longest_header) damaged("its header is too long");
  if (length < prefix_size - 8) damaged("its header is too short");
  if (!std::string_view(r).substr(8).starts_with(opening)) damaged("it begins otherwise");
  r.append(static_cast<std::uint32_t>(length) - (prefix_size - 8), ' ');
  file.read(r.data() + prefix_size, r.size() - prefix_size);
  const auto sum = checksum_of(r);
  if (r.compare(prefix_size - checksum_size, checksum_size, sum.data(), checksum_size) != 0)
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
  /// Reads a part of a header, beginning with a property.
  HeaderReader(const std::string& path, std::string_view part, int version)
      : path_(path), rest_(part), version_(version) {}
  std::string_view checksum_of_data() const noexcept { return data_checksum_; }
  int version() const noexcept { return version_; }

  bool take(std::string_view word) noexcept {
    const bool is = rest_.starts_with(word);
    if (is) rest_.remove_prefix(word.size());
    return is;
  }
  [[noreturn]] GRADUS_COLD void malformed() const { refuse_file(path_, "has a malformed header"); }
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
  /// The key of the next property, whose `text` follows; empty if there is none.
  std::string_view key() {
    if (!take("\",\"")) return {};
    const std::string_view r = text();
    expect("\":\"");
    return r;
  }
  /// The text up to the closing quotes, which are not taken.
  std::string_view text() noexcept {
    std::size_t n = 0;
    while (n < rest_.size() && is_plain(rest_[n])) ++n;
    const std::string_view r = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return r;
  }
  std::string_view rest() const noexcept { return rest_; }
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
  bool take_end() noexcept { return take("}") && only_spaces(); }
  /// Whether there is nothing more.
  bool only_spaces() const noexcept {
    return rest_.find_first_not_of(' ') == std::string_view::npos;
  }
  [[noreturn]] GRADUS_COLD void other(std::string_view must, std::string_view got) const {
    const auto more = [](std::string_view s) { return s.size() <= most_shown ? "" : "..."; };
    refuse_file(path_, concat({"must ", must.substr(0, most_shown), more(must), " (got ",
                               got.substr(0, most_shown), more(got), ")"}));
  }

 private:
  /// A number below 2^64, without leading zeros.
  std::uint64_t number() {
    std::uint64_t r = 0;
    std::size_t n = 0;
    for (; n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9'; ++n) {
      const auto digit = static_cast<std::uint64_t>(rest_[n] - '0');
      if (r > (~std::uint64_t{0} - digit) / 10) malformed();
      r = 10 * r + digit;
    }
    if (n == 0 || (n > 1 && rest_[0] == '0')) malformed();
    rest_.remove_prefix(n);
    return r;
  }
  static constexpr std::size_t most_shown = 300;  // of a text in a message

  const std::string& path_;
  std::string_view rest_;
  std::string_view data_checksum_{};
  int version_ = 0;
};

}  // namespace detail
}}}  // namespace gradus::GRADUS_ABI::io
