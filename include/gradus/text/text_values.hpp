// optional header
// Reads the values of a schedule's fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <gradus/step/length.hpp>
#include <gradus/text/kind.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/text/text_cursor.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Reads a value into x, or records an error and returns false. The first error is kept.
class ValueReader {
 protected:
  static constexpr std::size_t max_values = 1'000;

  explicit ValueReader(std::string_view text) : at_(text) {}

  /// Any value but a schedule.
  bool value(const Value& v) {
    switch (v.holds) {
      case Holds::number: return value(*v.field, v.as<double>());
      case Holds::maybe_number: return value(*v.field, v.as<std::optional<double>>().emplace());
      case Holds::length: return value(*v.field, v.as<Length>());
      case Holds::seed: return value(*v.field, v.as<std::uint64_t>());
      case Holds::integer: return value(*v.field, v.as<int>());
      case Holds::flag: return value(*v.field, v.as<bool>());
      case Holds::choice: return choice(v);
      case Holds::numbers: return value(*v.field, v.as<std::vector<double>>());
      case Holds::lengths: return value(*v.field, v.as<std::vector<Length>>());
      case Holds::points: return value(*v.field, v.as<std::vector<gradus::Point<>>>());
      case Holds::schedule: break;
    }
    return false;
  }
  bool value(const Field& field, double& x) {
    const std::errc problem = at_.take_number(x);
    if (problem == std::errc::result_out_of_range)
      return wrong("a number that a double holds", field);
    return problem == std::errc{} || wrong("a number", field);
  }
  bool value(const Field& field, Length& x) {
    std::int64_t whole = 0;
    const std::errc problem = at_.take_number(whole);
    if (problem == std::errc::result_out_of_range)
      return wrong("a number of steps below 2^63", field);
    if (problem == std::errc::argument_out_of_domain)
      return wrong("a whole number of steps", field);
    x = whole;
    return problem == std::errc{} || wrong("a number of steps", field);
  }
  bool value(const Field& field, std::uint64_t& x) {
    return at_.take_number(x) == std::errc{} || wrong("a whole number below 2^64", field);
  }
  bool value(const Field& field, int& x) {
    const std::errc error = at_.take_number(x);
    return error == std::errc{} ||
           wrong(error == std::errc::result_out_of_range ? "a whole number from -2^31 to 2^31 - 1"
                                                         : "a whole number",
                 field);
  }
  bool value(const Field& field, bool& x) {
    x = at_.peek_word() == "true";
    return at_.take("true") || at_.take("false") || wrong("'true' or 'false'", field);
  }

  bool choice(const Value& v) {
    for (std::size_t i = 0; i < v.choices.size(); ++i) {
      if (!at_.take(v.choices[i])) continue;
      v.choose(static_cast<int>(i));
      return true;
    }
    return wrong(any_of(v.choices), *v.field);
  }

  /// [value, value, ...]
  template <class V>
  bool value(const Field& field, std::vector<V>& x) {
    if (!at_.take('[')) return wrong("'[' and a list", field);
    if (at_.take(']')) return true;
    do {
      if (at_.peek() == ']') return fail("expected a value after ','");
      if (x.size() == max_values) return fail("expected at most 1000 values");
      if (!value(field, x.emplace_back())) return false;
    } while (at_.take(','));
    return at_.take(']') || fail("expected ',' or ']'");
  }
  /// step: value
  bool value(const Field& field, gradus::Point<>& x) {
    return value(field, x.at) && (at_.take(':') || fail("expected ':' between step and value")) &&
           value(field, x.value);
  }

  bool wrong(const std::string& expected, const Field& field) {
    return fail("expected " + expected + " for '" + std::string(field.name) + "'");
  }
  /// Records what was expected at the current place.
  bool fail(const std::string& expected) {
    return fail_at(at_.place(), expected + ", found " + at_.found());
  }
  bool fail_at(std::size_t place, std::string sentence) {
    if (!error_) error_ = error_at(at_.text(), place, std::move(sentence));
    return false;
  }

  Cursor at_;
  TextError error_{};
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
