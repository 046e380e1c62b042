// optional header
// The spelling of schedules and numbers in a text, and suggestions for unknown words.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <gradus/text/fields.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Whether a schedule is written as a call. Not: `s for 100`, `a then b`, `a * b`.
template <class S>
inline constexpr bool is_called = true;
template <class S>
inline constexpr bool is_called<For<S>> = false;
template <class... S>
inline constexpr bool is_called<Sequence<S...>> = false;
template <Fold F, class... S>
inline constexpr bool is_called<Pointwise<F, S...>> = false;

/// The symbols of folds: between two schedules, or before schedules in parentheses.
inline constexpr std::array<std::string_view, 4> folds{"*", "+", "min", "max"};

/// Whether another schedule must follow this one.
template <class S>
constexpr bool is_prefix() noexcept {
  return std::any_of(fields<S>.begin(), fields<S>.end(),
                     [](const Field& f) { return f.kind == Field::Kind::follows; });
}

/// The length of the longest name.
inline constexpr std::size_t longest_name = 24;

/// "step_decay" for a StepDecay.
template <class S>
constexpr auto spelling_of() noexcept {
  struct Word {
    std::array<char, longest_name> letters{};
    std::size_t size = 0;
    constexpr std::string_view view() const noexcept { return {letters.data(), size}; }
  } word;
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const std::string_view type = S::name;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const bool begins_word =
        i > 0 && is_upper(type[i]) &&
        (!is_upper(type[i - 1]) || (i + 1 < type.size() && !is_upper(type[i + 1])));
    if (begins_word) word.letters[word.size++] = '_';
    word.letters[word.size++] =
        static_cast<char>(is_upper(type[i]) ? type[i] - 'A' + 'a' : type[i]);
  }
  return word;
}
template <class S>
inline constexpr auto spelling = spelling_of<S>();

/// The shortest digits from which the number can be read back, in every locale: 1e-5, 0.001.
template <class T>
std::string digits_of(T x) {
  std::array<char, 32> text{};
  const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), x);
  std::string r(text.data(), end);
  const std::size_t e = r.find('e');
  if (e == std::string::npos) return r;
  if (r[e + 1] == '+') r.erase(e + 1, 1);
  const std::size_t first = r[e + 1] == '-' ? e + 2 : e + 1;
  while (r[first] == '0' && first + 1 < r.size()) r.erase(first, 1);
  return r;
}

/// The number of letters to insert, remove or replace to turn one word into the other.
inline std::size_t edit_distance(std::string_view a, std::string_view b) noexcept {
  a = a.substr(0, longest_name), b = b.substr(0, longest_name);
  std::array<std::size_t, longest_name + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// Finds the known word that is nearest to an unknown one.
class Nearest {
 public:
  explicit Nearest(std::string_view word)
      : word_(word), least_(word.size() <= longest_name ? word.size() / 3 + 2 : 0) {}
  void look_at(std::string_view candidate) noexcept {
    const std::size_t d = edit_distance(word_, candidate);
    if (d < least_) least_ = d, found_ = candidate;
  }
  /// "; did you mean 'cosine'?", or nothing.
  std::string question() const {
    return found_.empty() ? "" : "; did you mean '" + std::string(found_) + "'?";
  }

 private:
  std::string_view word_, found_{};
  std::size_t least_;
};

/// A list of words for a sentence: 'hold', 'mirror' or 'repeat'.
template <class Words>
std::string any_of(const Words& words) {
  std::string r;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) r += i + 1 == words.size() ? " or " : ", ";
    r += "'" + std::string(words[i]) + "'";
  }
  return r;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
