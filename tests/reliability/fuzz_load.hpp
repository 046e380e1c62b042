// What any bytes do to the loader, for libFuzzer and for `replay`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// Gives the bytes to the loader, as a file; the first says whether checksums are made right first.
/// Ends the program where a refused file has changed anything, or a loaded one is not what is then
/// saved, or cannot be inspected.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// How many files were loaded.
std::size_t loaded();
/// Bytes that are.
std::string bytes_that_load();
