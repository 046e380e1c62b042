// optional header
// The values and the arguments of a schedule, read from text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/kind.hpp>
#include <gradus/text/shorthand.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/text/text_cursor.hpp>
#include <gradus/text/value.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Knows the names of the schedules, and which field an argument is for. Every method reads what
/// its name says, or records an error and returns false. The first error is kept.
class CallReader {
 protected:
  static constexpr std::size_t max_values = 1'000;

  explicit CallReader(std::string_view text) : at_(text) {}

  /// Any value but a schedule.
  bool value(const Value& v) {
    return visit(v, [&](auto&& x) { return value(*v.field, x); });
  }
  bool value(const Field&, Child&) { return false; }
  bool value(const Field&, Pair&) { return false; }
  bool value(const Field& field, std::optional<double>& x) { return value(field, x.emplace()); }
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

  bool value(const Field& field, Enumerator& x) {
    for (std::size_t i = 0; i < x.names().size(); ++i) {
      if (!at_.take(x.names()[i])) continue;
      x.choose(i);
      return true;
    }
    return wrong(any_of(x.names()), field);
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

  GRADUS_COLD bool wrong(std::string_view expected, const Field& field) {
    return fail({"expected ", expected, " for '", field.name, "'"});
  }
  /// Records what was expected at the current place.
  GRADUS_COLD bool fail(std::string_view expected) { return fail({expected, ""}); }
  GRADUS_COLD bool fail(std::initializer_list<std::string_view> expected) {
    return fail_at(at_.place(), concat({concat(expected), ", found ", at_.found()}));
  }
  GRADUS_COLD bool fail_at(std::size_t place, std::string sentence) {
    if (!error_) error_ = error_at(at_.text(), place, std::move(sentence));
    return false;
  }

  /// A call that is being read: its fields, and where its name and its values are in the text.
  struct Call {
    std::string_view name{};
    const Fields* fields = nullptr;
    std::size_t place = 0;
    std::array<std::size_t, Fields::most> places{};
    std::array<bool, Fields::most> given{};
    bool by_name = false;
  };
  /// Which field the next argument is for: the one that it names, or the next one.
  bool field(Call& made, std::size_t& which) {
    const std::size_t place = at_.place(), count = made.fields->size();
    Cursor ahead = at_;
    const std::string_view word = ahead.take_word();
    const bool has_name = !word.empty() && ahead.take('=');
    Nearest nearest(word);
    for (which = 0; which < count; ++which) {
      const auto [name, kind] = (*made.fields)[which];
      if (kind == Field::Kind::follows) continue;
      if (has_name ? name == word : which < positions(*made.fields) && !made.given[which]) break;
      nearest.look_at(name);
    }
    if (has_name && which == count)
      return fail_at(place, concat({"expected a field of ", made.name, " ", names(made, count),
                                    ", found '", word, "'", nearest.question()}));
    if (has_name && made.given[which])
      return fail_at(
          place, concat({"expected each field of ", made.name, " once, found '", word, "' again"}));
    if (!has_name && (made.by_name || which == count))
      return fail(
          {"expected ')' or the name of a further field of ", made.name, " ", names(made, count)});
    made.by_name = has_name;
    made.given[which] = true;
    if (has_name) at_ = ahead;
    return true;
  }
  /// "(value, ..., field=value, ..." without the ')': `read(i)` reads the value of field i.
  template <class F>
  bool arguments(Call& made, const F& read) {
    if (!open()) return false;
    for (bool more = at_.peek() != ')'; more; more = at_.take(',')) {
      if (at_.peek() == ')') return fail("expected a value after ','");
      std::size_t which = 0;
      if (!field(made, which)) return false;
      made.places[which] = at_.place();
      if (!read(which)) return false;
      if (at_.peek() != ')' && at_.peek() != ',') return fail("expected ',' or ')'");
    }
    return true;
  }
  /// The place of the value with the fault; for "points.at" that of the points.
  static std::size_t place_of(const Fault& fault, const Call& made) {
    const std::string_view path = fault.field, name = path.substr(0, path.find('.'));
    std::size_t place = made.place;
    for (std::size_t i = 0; made.fields != nullptr && i < made.fields->size(); ++i)
      if (made.given[i] && (*made.fields)[i].name == name) place = made.places[i];
    return place;
  }
  bool nothing_missing(const Call& made) {
    for (std::size_t i = 0; i < made.fields->size(); ++i)
      if ((*made.fields)[i].kind == Field::Kind::required && !made.given[i])
        return fail({"expected a value for '", (*made.fields)[i].name, "' of ", made.name,
                     names(made, positions(*made.fields))});
    return true;
  }
  /// "(start, end, steps)": the first fields that can be given.
  GRADUS_COLD static std::string names(const Call& made, std::size_t count) {
    std::string r;
    for (std::size_t i = 0; i < count; ++i)
      if ((*made.fields)[i].kind != Field::Kind::follows)
        r += concat({r.empty() ? "(" : ", ", (*made.fields)[i].name});
    return concat({r.empty() ? "(" : r, ")"});
  }
  bool open() { return at_.take('(') || fail("expected '('"); }
  bool close() { return at_.take(')') || fail("expected ')'"); }

  /// The kind of schedule with this name; nullptr if there is none.
  static const ScheduleKind* called(std::string_view word) {
    for (const ScheduleKind* kind : every_kind<Schedules<Child>>)
      if (kind->form <= Form::prefix && kind->word == word) return kind;
    return nullptr;
  }
  static const Shorthand* shorthand(std::string_view word) {
    for (const Shorthand& s : shorthands)
      if (s.kind->word == word) return &s;
    return nullptr;
  }
  GRADUS_COLD bool unknown(std::string_view word) {
    Nearest nearest(word);
    for (const ScheduleKind* kind : every_kind<Schedules<Child>>)
      if (kind->form <= Form::prefix) nearest.look_at(kind->word);
    for (const Shorthand& s : shorthands) nearest.look_at(s.kind->word);
    return fail_at(at_.place(),
                   concat({"expected a schedule, found ", at_.found(), nearest.question()}));
  }

  Cursor at_;
  TextError error_{};
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
