// optional header: needs <format>
// Prints schedules and results with the standard library: std::format("{}", schedule).
#pragma once

#include <format>
#include <string_view>

#include <gradus/step/options.hpp>
#include <gradus/text/describe_result.hpp>

template <gradus::io::HasLine T>
struct std::formatter<T, char> : gradus::io::LineFormatter<std::formatter<std::string_view>> {};
