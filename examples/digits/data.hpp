// The handwritten digits: reading and checking the file, and the fixed split.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace digits {

inline constexpr std::size_t pixels = 64, classes = 10, rows = 1797;

struct Image {
  std::array<float, pixels> pixel{};  // 0 to 1
  std::size_t digit = 0;
};

// One sentence that says what is wrong with a file or an option.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Text from a file in a form that is safe to print.
inline std::string shown(std::string_view text) {
  std::string r(text.substr(0, 20));
  std::replace_if(r.begin(), r.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return r;
}

// The number in this field of the file, or an error that names its place.
inline unsigned parse(std::string_view field, unsigned most, const std::string& place) {
  unsigned value = 0;
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, value);
  if (error != std::errc{} || stop != end || value > most)
    throw Error(fmt::format("{} must be a whole number from 0 to {} (got \"{}\")", place, most,
                            shown(field)));
  return value;
}

inline Image parse_line(std::string_view line, const std::string& place) {
  const auto columns = static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1;
  if (columns != pixels + 1)
    throw Error(fmt::format("{}: must have {} columns (got {})", place, pixels + 1, columns));
  Image image;
  for (std::size_t column = 0; column <= pixels; ++column) {
    const std::string_view field = line.substr(0, line.find(','));
    const std::string where = fmt::format("{}: column {}", place, column + 1);
    if (column == pixels)
      image.digit = parse(field, classes - 1, where);
    else
      image.pixel[column] = static_cast<float>(parse(field, 16, where)) / 16;
    line.remove_prefix(std::min(line.size(), field.size() + 1));
  }
  return image;
}

inline std::string read_text(const std::string& path, std::size_t most) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  for (std::array<char, 4096> block{}; file.read(block.data(), block.size()), file.gcount() > 0;) {
    if (text.size() > most) throw Error(fmt::format("{}: is larger than {} bytes", path, most));
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof()) throw Error(path + ": cannot be read");
  return text;
}

// Reads every image of a file with `rows` lines.
inline std::vector<Image> read(const std::string& path, std::size_t lines = rows) {
  const std::string text = read_text(path, lines * 4 * (pixels + 1));
  std::vector<Image> images;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string place = fmt::format("{}:{}", path, images.size() + 1);
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) throw Error(place + ": ends in the middle of a line");
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    images.push_back(parse_line(line, place));
    rest.remove_prefix(end + 1);
  }
  if (images.size() != lines)
    throw Error(fmt::format("{}: must have {} lines (got {})", path, lines, images.size()));
  return images;
}

// A random number in [-1, 1). The standard defines the numbers of the generator, but not those of
// std::uniform_real_distribution.
inline double unit(std::mt19937_64& random) {
  return static_cast<double>(random() >> 11) * 0x1p-52 - 1;
}

// Shuffles with a generator whose numbers the standard defines; it does not define the order of
// std::shuffle.
template <class T>
void shuffle(std::span<T> items, std::mt19937_64& random) {
  for (std::size_t n = items.size(); n > 1; --n) std::swap(items[n - 1], items[random() % n]);
}

// Images for training, for choosing the rate, and for the test: five, two and two ninths.
struct Digits {
  std::vector<Image> train{}, validation{}, test{};

  explicit Digits(std::vector<Image> images) {
    std::mt19937_64 random(0);  // fixed: the split does not depend on the seed of the training
    shuffle(std::span(images), random);
    const auto at = [&](std::size_t ninths) {
      return images.begin() + static_cast<std::ptrdiff_t>(images.size() * ninths / 9);
    };
    train.assign(at(0), at(5));
    validation.assign(at(5), at(7));
    test.assign(at(7), at(9));
  }
};

}  // namespace digits
