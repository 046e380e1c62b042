// optional header: needs <fmt/format.h>
// Prints schedules and results with fmt: fmt::print("{}", schedule).
#pragma once

#include <fmt/format.h>

#include <gradus/step/options.hpp>
#include <gradus/text/describe_result.hpp>

template <gradus::io::HasLine T>
struct fmt::formatter<T, char> : gradus::io::LineFormatter<fmt::formatter<fmt::string_view>> {};
