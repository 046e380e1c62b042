// optional header
// The arguments of a schedule, read from text.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <gradus/text/kind.hpp>
#include <gradus/text/shorthand.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/text/text_values.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Knows the names of the schedules, and which field an argument is for.
class CallReader : protected ValueReader {
 protected:
  using ValueReader::ValueReader;

  /// A call that is being read: its fields, and where its name and its values are in the text.
  struct Call {
    std::string_view name{};
    std::span<const Field> fields{};
    std::size_t place = 0;
    std::array<std::size_t, 9> places{};
    std::array<bool, 9> given{};
    bool by_name = false;
  };
  /// Which field the next argument is for: the one that it names, or the next one.
  bool field(Call& made, std::size_t& which) {
    const std::size_t place = at_.place(), count = made.fields.size();
    Cursor ahead = at_;
    const std::string word(ahead.take_word()), of = " of " + std::string(made.name);
    const bool has_name = !word.empty() && ahead.take('=');
    Nearest nearest(word);
    for (which = 0; which < count; ++which) {
      const auto [name, kind] = made.fields[which];
      if (kind == Field::Kind::follows) continue;
      if (has_name ? name == word : which < positions(made.fields) && !made.given[which]) break;
      nearest.look_at(name);
    }
    if (has_name && which == count)
      return fail_at(place, "expected a field" + of + fields_of(made) + ", found '" + word + "'" +
                                nearest.question());
    if (has_name && made.given[which])
      return fail_at(place, "expected each field" + of + " once, found '" + word + "' again");
    if (!has_name && (made.by_name || which == count))
      return fail("expected ')' or the name of a further field" + of + fields_of(made));
    made.by_name = has_name;
    made.given[which] = true;
    if (has_name) at_ = ahead;
    return true;
  }
  bool nothing_missing(const Call& made) {
    for (std::size_t i = 0; i < made.fields.size(); ++i)
      if (made.fields[i].kind == Field::Kind::required && !made.given[i])
        return fail("expected a value for '" + std::string(made.fields[i].name) + "' of " +
                    positions_of(made));
    return true;
  }
  /// "cosine(start, end, steps)": the fields of values without names.
  static std::string positions_of(const Call& made) {
    std::string r(made.name), before = "(";
    for (const Field& f : made.fields.first(positions(made.fields)))
      if (f.kind != Field::Kind::follows) r += std::exchange(before, ", ") + std::string(f.name);
    return r + ")";
  }
  /// " (start, end, steps, past, exponent, k)": all fields that can be given.
  static std::string fields_of(const Call& made) {
    std::string r, before = " (";
    for (const Field& f : made.fields)
      if (f.kind != Field::Kind::follows) r += std::exchange(before, ", ") + std::string(f.name);
    return r + ")";
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
  bool unknown(std::string_view word) {
    Nearest nearest(word);
    for (const ScheduleKind* kind : every_kind<Schedules<Child>>)
      if (kind->form <= Form::prefix) nearest.look_at(kind->word);
    for (const Shorthand& s : shorthands) nearest.look_at(s.kind->word);
    return word.empty() ? fail("expected a schedule")
                        : fail_at(at_.place(),
                                  "expected a schedule, found " + at_.found() + nearest.question());
  }
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
