// optional header: needs <fmt/format.h>
// Schedules and results in fmt's formats: fmt::print("{}", schedule).
#pragma once

#include <fmt/format.h>

#include <gradus/step/options.hpp>
#include <gradus/text/describe_result.hpp>

/// A line, as `gradus::io::describe` has it, with the width and alignment of a string's format.
template <gradus::io::HasLine T>
struct fmt::formatter<T, char> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const T& value, Context& context) const {
    const gradus::io::Description line = gradus::io::describe(value);
    return fmt::formatter<fmt::string_view>::format(line.text(), context);
  }
};
