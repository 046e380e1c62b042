// Where the program's lines go: standard output, or the debugger of a microcontroller.
#pragma once

#include <cstdint>

/// Prints `name value`, the value in hexadecimal.
void print(const char* name, std::uint64_t value);
