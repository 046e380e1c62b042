// optional header
// Reads a text from left to right, and describes errors with their place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/text/text_number.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// An error in a text, and where it is; false if there is none.
struct TextError {
  std::size_t line = 0;    ///< from 1
  std::size_t column = 0;  ///< from 1, in characters
  std::string sentence{};  ///< what was expected, and what was found
  std::string excerpt{};   ///< the line, with a caret under the place

  explicit operator bool() const noexcept { return line != 0; }
  /// The whole message, as `parse` throws it.
  GRADUS_COLD std::string message() const {
    const std::string where = line > 1 ? detail::concat({"line ", detail::Digits(line), ", "}) : "";
    return detail::concat(
        {"gradus: ", where, "column ", detail::Digits(column), ": ", sentence, "\n", excerpt});
  }
  bool operator==(const TextError&) const = default;
};

namespace detail {

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool begins_number(char c) noexcept { return is_digit(c) || c == '-' || c == '.'; }
/// Whether a byte continues a UTF-8 character. Such bytes are not columns.
constexpr bool is_later_byte(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// An error at `place`. Characters beyond ASCII are shown as '?', so that the caret is in the right
/// column.
GRADUS_COLD inline TextError error_at(std::string_view text, std::size_t place,
                                      std::string sentence) {
  constexpr std::size_t before = 50, after = 25;
  const std::string_view head = text.substr(0, place);
  const std::size_t start = head.find_last_of('\n') + 1;  // npos + 1 is 0
  const std::size_t from = place - start > before ? place - before : start;
  const std::string_view tail = text.substr(place, text.find('\n', place) - place);
  const auto shown = [](std::string_view s) {
    std::string r;
    for (const char c : s)
      if (!is_later_byte(c)) r += c == '\t' ? ' ' : c >= ' ' && c <= '~' ? c : '?';
    return r;
  };
  TextError error{1, 1, std::move(sentence), {}};
  for (const char c : head) error.line += c == '\n' ? 1U : 0U;
  for (const char c : head.substr(start)) error.column += is_later_byte(c) ? 0U : 1U;
  const std::string left = concat({from > start ? "  ..." : "  ", shown(head.substr(from))});
  error.excerpt = concat({left, shown(tail.substr(0, after)), tail.size() > after ? "..." : "",
                          "\n", std::string(left.size(), ' '), "^"});
  return error;
}

/// A position in a text, which skips spaces and comments.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) { skip(); }

  std::string_view text() const noexcept { return text_; }
  std::size_t place() const noexcept { return place_; }
  bool at_end() const noexcept { return place_ == text_.size(); }
  char peek() const noexcept { return at_end() ? '\0' : text_[place_]; }

  /// Takes this character if it is next.
  bool take(char c) {
    if (at_end() || text_[place_] != c) return false;
    ++place_;
    skip();
    return true;
  }
  /// Takes this word if it is next.
  GRADUS_NOINLINE bool take(std::string_view word) {
    if (peek_word() != word) return false;
    take_word();
    return true;
  }
  /// The next word: letters, digits and '_'; empty if there is none.
  GRADUS_NOINLINE std::string_view peek_word() const noexcept {
    if (!is_letter(peek())) return {};
    std::size_t end = place_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    return text_.substr(place_, end - place_);
  }
  std::string_view take_word() {
    const std::string_view word = peek_word();
    place_ += word.size();
    skip();
    return word;
  }
  /// The next characters that could be a number; empty if there are none.
  GRADUS_NOINLINE std::string_view peek_number() const noexcept {
    if (!begins_number(peek())) return {};
    std::size_t end = place_ + 1;
    for (; end < text_.size(); ++end) {
      const char c = text_[end], previous = text_[end - 1];
      const bool exponent = (c == '-' || c == '+') && (previous == 'e' || previous == 'E');
      if (!is_letter(c) && !is_digit(c) && c != '.' && !exponent) break;
    }
    return text_.substr(place_, end - place_);
  }
  /// The next number, as a T. It is taken only if `read_number` succeeds.
  template <class T>
  std::errc take_number(T& x) {
    const std::string_view word = peek_number();
    const std::errc problem = read_number(word, x);
    if (problem != std::errc{}) return problem;
    place_ += word.size();
    skip();
    return {};
  }

  /// What comes next, for a sentence.
  GRADUS_COLD std::string found() const {
    if (at_end()) return "the end of the text";
    std::string_view word = peek_word();
    if (word.empty()) word = peek_number();
    if (word.size() > 40) return concat({"'", word.substr(0, 40), "...'"});
    const char c = peek();
    if (word.empty() && c > ' ' && c <= '~') word = text_.substr(place_, 1);
    if (!word.empty()) return concat({"'", word, "'"});
    return (static_cast<unsigned char>(c) & 0x80U) != 0 ? "a character beyond ASCII"
                                                        : "a control character";
  }

 private:
  GRADUS_NOINLINE void skip() {
    while (!at_end()) {
      const char c = text_[place_];
      if (c == '#') {
        while (!at_end() && text_[place_] != '\n') ++place_;
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++place_;
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t place_ = 0;
};

}  // namespace detail
}}}  // namespace gradus::GRADUS_ABI::io
