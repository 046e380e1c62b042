// optional header
// Numbers in a text, independent of the locale.
#pragma once

#include <charconv>
#include <clocale>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// A number without the '_' between its digits.
inline std::string without_separators(std::string_view word) {
  std::string r;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool inside = i > 0 && i + 1 < word.size();
    if (word[i] == '_' && inside && is_digit(word[i - 1]) && is_digit(word[i + 1])) continue;
    r += word[i];
  }
  return r;
}

/// Whether the standard library reads numbers of type T; libc++ does not before version 20.
template <class T>
concept HasFromChars = requires(const char* p, T& x) { std::from_chars(p, p, x); };

/// What `std::from_chars` does, with `std::strtod`, which reads the same numbers once the point is
/// that of the locale and hexadecimal numbers are ruled out.
inline std::from_chars_result from_chars_by_strtod(const char* first, const char* last, double& x) {
  std::string number(first, last);
  const std::size_t size = number.find_first_not_of("0123456789.eE+-");
  if (size != std::string::npos) return {first, std::errc::invalid_argument};
  if (const std::size_t point = number.find('.'); point != std::string::npos)
    number.replace(point, 1, std::localeconv()->decimal_point);
  char* end = nullptr;
  const double read = std::strtod(number.c_str(), &end);
  if (*end != '\0') return {first, std::errc::invalid_argument};
  const std::string_view mantissa = std::string_view(number).substr(0, number.find_first_of("eE"));
  const bool vanished = read == 0 && mantissa.find_first_of("123456789") != std::string_view::npos;
  if (vanished || std::numeric_limits<double>::max() < (read < 0 ? -read : read))
    return {last, std::errc::result_out_of_range};
  x = read;
  return {last, {}};
}
template <class T>
std::from_chars_result from_chars(const char* first, const char* last, T& x) {
  if constexpr (HasFromChars<T>) {
    return std::from_chars(first, last, x);
  } else {
    return from_chars_by_strtod(first, last, x);
  }
}

/// Reads a word as a number. x is unchanged if it is no number (`invalid_argument`) or not in the
/// range of a double (`result_out_of_range`).
inline std::errc read_number(std::string_view word, double& x) {
  const std::string kept = without_separators(word);
  const char first = kept[kept.starts_with('-') ? 1 : 0];  // no "-inf", no "-nan"
  if (!is_digit(first) && first != '.') return std::errc::invalid_argument;
  double read = 0;
  const auto [end, problem] = from_chars(kept.data(), kept.data() + kept.size(), read);
  if (end != kept.data() + kept.size()) return std::errc::invalid_argument;
  if (problem == std::errc{}) x = read;
  return problem;
}

/// Appends a digit; false if the number does not fit.
constexpr bool append(std::uint64_t& number, unsigned digit) noexcept {
  constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  if (number > (all - digit) / 10) return false;
  number = 10 * number + digit;
  return true;
}

/// A whole number of any sign.
struct Whole {
  std::uint64_t size = 0;
  bool negative = false;
};
/// Reads a word as a whole number, exactly, also if it is written as 1e4 or 2.5e3. x is unchanged
/// if it is no number (`invalid_argument`), not whole (`argument_out_of_domain`) or too large
/// (`result_out_of_range`).
inline std::errc read_number(std::string_view word, Whole& x) {
  double number = 0;
  if (read_number(word, number) == std::errc::invalid_argument) return std::errc::invalid_argument;
  const std::string kept = without_separators(word);
  const bool negative = kept.starts_with('-');
  const std::size_t e = kept.find_first_of("eE");
  std::string mantissa = kept.substr(negative ? 1 : 0, e - (negative ? 1 : 0));
  long power = 0;  // the power of ten that multiplies the mantissa
  if (e != std::string::npos) {
    const char* const first = kept.data() + e + (kept[e + 1] == '+' ? 2 : 1);
    const auto problem = std::from_chars(first, kept.data() + kept.size(), power).ec;
    constexpr long most = 1'000'000'000;  // more than any text has digits
    if (problem != std::errc{}) power = kept[e + 1] == '-' ? -most : most;
    power = power < -most ? -most : power > most ? most : power;
  }
  if (const std::size_t point = mantissa.find('.'); point != std::string::npos) {
    power -= static_cast<long>(mantissa.size() - point - 1);
    mantissa.erase(point, 1);
  }
  for (; power < 0 && !mantissa.empty(); ++power) {
    if (mantissa.back() != '0') return std::errc::argument_out_of_domain;
    mantissa.pop_back();
  }
  std::uint64_t whole = 0;
  for (const char c : mantissa)
    if (!append(whole, static_cast<unsigned>(c - '0'))) return std::errc::result_out_of_range;
  for (; power > 0 && whole != 0; --power)
    if (!append(whole, 0)) return std::errc::result_out_of_range;
  x = {whole, negative};
  return {};
}
/// The same in the range of an I.
template <std::integral I>
std::errc read_number(std::string_view word, I& x) {
  Whole whole;
  if (const std::errc problem = read_number(word, whole); problem != std::errc{}) return problem;
  if (whole.size > static_cast<std::uint64_t>(std::numeric_limits<I>::max()) ||
      (std::unsigned_integral<I> && whole.negative && whole.size != 0))
    return std::errc::result_out_of_range;
  x = static_cast<I>(whole.size);
  if (whole.negative) x = static_cast<I>(I{0} - x);
  return {};
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
