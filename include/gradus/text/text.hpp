// optional header
// Schedules as text: from a configuration file or a command line, and back.
#pragma once

#include <string_view>
#include <utility>

#include <gradus/text/any_schedule.hpp>
#include <gradus/text/text_cursor.hpp>
#include <gradus/text/text_reader.hpp>
#include <gradus/text/to_string.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// What became of a text: a schedule, or what is wrong with the text.
struct Parsed {
  AnySchedule schedule{};
  TextError error{};

  explicit operator bool() const noexcept { return !error; }
};

/// Reads a schedule, as `parse` does; an error is part of the result.
inline Parsed try_parse(std::string_view text) {
  detail::Reader reader(text);
  AnySchedule schedule = reader.read();
  return {std::move(schedule), reader.error()};
}

/// Reads a schedule: `warmup(500) then cosine(1e-3, 1e-5, 10000)`.
///
///   sequence = piece { "then" piece }         each from its own beginning
///   piece    = prefix | sum { "for" steps }   "for" gives a length, or another one
///   sum      = product { "+" product }
///   product  = primary { "*" primary }
///   primary  = number                         for constant(number)
///            | name "(" [ argument { "," argument } ] ")"
///            | ( "min" | "max" ) "(" sequence { "," sequence } ")"
///            | "(" sequence ")"
///   prefix   = "warmup" "(" ... ")"           wants a "then": it is of what follows
///   argument = [ field "=" ] value
///   value    = number | steps | name of an enumerator | "true" | "false" | sequence | list
///   list     = "[" [ element { "," element } ] "]"    element = value | steps ":" number
///
/// Names are those of the C++ types in snake_case, fields and enumerators those of C++. All fields
/// up to the last that must be given can be given without their names, in the order of C++ and
/// before all others: cosine(start, end, steps). Numbers are decimal, '_' may stand between digits;
/// steps are a whole number, 1e4 too. Spaces, newlines and comments from # to the end of the line
/// may stand between words. `flat_then_cosine` and `warmup_stable_decay` are the functions of C++.
///
/// Domain: at most 1000 schedules, at most 64 deep; lists of at most 1000 values.
/// Cost: linear in the length of the text, whatever it is. Depends on no locale.
/// Errors: `std::invalid_argument` that says line and column, what was expected and what was
///   found, with the line and a caret under the place. Values are refused as by the schedule's
///   `check()`.
inline AnySchedule parse(std::string_view text) {
  Parsed parsed = try_parse(text);
  if (!parsed) refuse(parsed.error.message().c_str());
  return std::move(parsed.schedule);
}

}}}  // namespace gradus::GRADUS_ABI::io
