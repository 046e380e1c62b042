// optional header
// The spelling of schedules in a text, and suggestions for unknown words.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <gradus/config/compiler.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The symbols of folds: between two schedules, or before schedules in parentheses.
inline constexpr std::array<std::string_view, 4> folds{"*", "+", "min", "max"};

/// The length of the longest name.
inline constexpr std::size_t longest_name = 24;

/// "step_decay" for a StepDecay.
class Word {
 public:
  constexpr Word() noexcept = default;
  constexpr explicit Word(std::string_view type) noexcept {
    for (std::size_t i = 0; i < type.size(); ++i) {
      const bool begins_word =
          i > 0 && is_upper(type[i]) &&
          (!is_upper(type[i - 1]) || (i + 1 < type.size() && !is_upper(type[i + 1])));
      if (begins_word) letters_[size_++] = '_';
      letters_[size_++] = static_cast<char>(is_upper(type[i]) ? type[i] - 'A' + 'a' : type[i]);
    }
  }
  constexpr operator std::string_view() const noexcept {  // NOLINT: implicit
    return {letters_.data(), size_};
  }
  constexpr bool operator==(std::string_view word) const noexcept {
    return std::string_view(*this) == word;
  }

 private:
  static constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

  std::array<char, longest_name> letters_{};
  std::size_t size_ = 0;
};

/// The length up to which words are compared, so that the time is bounded.
inline constexpr std::size_t longest_compared = 64;

/// The number of letters to insert, remove or replace to turn one word into the other.
inline std::size_t edit_distance(std::string_view a, std::string_view b) noexcept {
  a = a.substr(0, longest_compared), b = b.substr(0, longest_compared);
  std::array<std::size_t, longest_compared + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t shorter = above < row[j - 1] ? above : row[j - 1];
      row[j] = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      if (shorter + 1 < row[j]) row[j] = shorter + 1;
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// Finds the known word that is nearest to an unknown one.
class Nearest {
 public:
  explicit Nearest(std::string_view word) : word_(word) {
    if (word.size() <= longest_compared) least_ = word.size() < 24 ? word.size() / 3 + 2 : 10;
  }
  void look_at(std::string_view candidate) noexcept { look_at(candidate, candidate); }
  /// The same for a candidate that the question shows in another spelling.
  void look_at(std::string_view candidate, std::string_view shown) noexcept {
    const std::size_t d = edit_distance(word_, candidate);
    if (d < least_) least_ = d, found_ = shown;
  }
  /// "; did you mean 'cosine'?", or nothing.
  GRADUS_COLD std::string question() const {
    return found_.empty() ? "" : concat({"; did you mean '", found_, "'?"});
  }

 private:
  std::string_view word_, found_{};
  std::size_t least_ = 0;  // a candidate must be nearer than this
};

/// A list of words for a sentence: 'hold', 'mirror' or 'repeat'.
GRADUS_COLD inline std::string any_of(std::span<const std::string_view> words) {
  std::string r;
  for (std::size_t i = 0; i < words.size(); ++i)
    r += concat({i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", "'", words[i], "'"});
  return r;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
