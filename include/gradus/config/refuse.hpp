// How a call with invalid input ends: with an exception, or where exceptions are disabled, with a
// call of a function that the program may replace.
#pragma once

#include <cstdio>
#include <cstdlib>

#include <gradus/config/error.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The function that is called with an error's sentence where exceptions are disabled. It must not
/// return. A program that replaces it does so before it uses anything else of gradus. A program
/// without a standard error stream defines GRADUS_NO_STDERR for all of its translation units;
/// otherwise the linker would add the stream, and with it a heap, even if it is never used.
inline void (*on_error)(const char* sentence) = []([[maybe_unused]] const char* sentence) {
#if !defined(GRADUS_NO_STDERR)
  std::fprintf(stderr, "%s\n", sentence);
#endif
  std::abort();
};

/// Ends a call with invalid input: throws `Error`, or calls `on_error` where
/// exceptions are disabled.
[[noreturn]] inline void refuse(const char* sentence) {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  throw Error(sentence);
#else
  on_error(sentence);
  std::abort();
#endif
}

}}  // namespace gradus::GRADUS_ABI
