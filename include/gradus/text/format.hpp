// optional header: needs <format>
// Prints schedules and results with the standard library: std::format("{}", schedule).
#pragma once

#include <format>
#include <string_view>

#include <gradus/step/options.hpp>
#include <gradus/text/describe_result.hpp>

/// The line of `gradus::io::describe`, with the width and alignment of a string.
template <gradus::io::HasLine T>
struct std::formatter<T, char> : std::formatter<std::string_view> {
  template <class Context>
  auto format(const T& value, Context& context) const {
    const gradus::io::Description line = gradus::io::describe(value);
    return std::formatter<std::string_view>::format(line.text(), context);
  }
};
