// optional header: needs <fmt/format.h>
// Prints schedules and results with fmt: fmt::print("{}", schedule).
#pragma once

#include <fmt/format.h>

#include <gradus/step/options.hpp>
#include <gradus/text/describe_result.hpp>

/// The line of `gradus::io::describe`, with the width and alignment of a string.
template <gradus::io::HasLine T>
struct fmt::formatter<T, char> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const T& value, Context& context) const {
    const gradus::io::Description line = gradus::io::describe(value);
    return fmt::formatter<fmt::string_view>::format(line.text(), context);
  }
};
