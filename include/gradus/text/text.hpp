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

/// The result of reading a text: a schedule or an error.
struct Parsed {
  AnySchedule schedule{};
  TextError error{};

  explicit operator bool() const noexcept { return !error; }
};

/// Reads a schedule as `parse` does, and returns an error as part of the result.
inline Parsed try_parse(std::string_view text) {
  detail::Reader reader(text);
  AnySchedule schedule = reader.read();
  return {std::move(schedule), reader.error()};
}

/// Reads a schedule: `warmup(500) then cosine(1e-3, 1e-5, 10000)`.
///
///   sequence = piece { "then" piece }         each from its own first step
///   piece    = prefix | sum { "for" steps }   "for" sets the length
///   sum      = product { "+" product }
///   product  = primary { "*" primary }
///   primary  = number                         for constant(number)
///            | name "(" [ argument { "," argument } ] ")"
///            | ( "min" | "max" ) "(" sequence { "," sequence } ")"
///            | "(" sequence ")"
///   prefix   = "warmup" "(" ... ")"           a "then" must follow
///   argument = [ field "=" ] value
///   value    = number | steps | name of an enumerator | "true" | "false" | sequence | list
///   list     = "[" [ element { "," element } ] "]"    element = value | steps ":" number
///
/// Names are those of the C++ types in snake_case; fields and enumerators have their C++ names. All
/// fields up to the last that must be given can be given without names, in the order of C++ and
/// before all others: cosine(start, end, steps). Numbers are decimal, with '_' allowed between
/// digits; steps are whole numbers, such as 1e4. Spaces, newlines and comments from # to the end of
/// the line may be between words. `flat_then_cosine` and `warmup_stable_decay` are the C++
/// functions.
///
/// Domain: at most 1000 schedules, at most 64 deep; lists of at most 1000 values.
/// Cost: linear in the length of the text, for any text. Independent of the locale.
/// Errors: `gradus::Error` with line and column, what was expected and what was found, and
///   the line with a caret under the place. The `check()` of the schedule refuses values.
inline AnySchedule parse(std::string_view text) {
  Parsed parsed = try_parse(text);
  if (!parsed) refuse(parsed.error.message().c_str());
  return std::move(parsed.schedule);
}

}}}  // namespace gradus::GRADUS_ABI::io
