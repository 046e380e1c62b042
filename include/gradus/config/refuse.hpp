// How a call with invalid input ends: with an exception, or where exceptions are disabled, with a
// call of a function that the program may replace.
#pragma once

#include <gradus/config/error.hpp>
#include <gradus/config/version.hpp>

#if !defined(__cpp_exceptions) && !defined(_CPPUNWIND)
#include <cstdio>
#include <cstdlib>
#endif

namespace gradus { inline namespace GRADUS_ABI {

/// The function that is called with an error's sentence where exceptions are disabled. It must not
/// return. A program that sets it does so before it uses anything else of gradus. If it is null,
/// the sentence is written to the standard error stream, and the program aborts. A program without
/// that stream defines GRADUS_NO_STDERR for all of its translation units; otherwise the linker
/// would add the stream, and with it a heap, even if it is never used.
inline void (*on_error)(const char* sentence) = nullptr;

/// Ends a call with invalid input: throws `Error`, or calls `on_error` where exceptions are
/// disabled.
[[noreturn]] GRADUS_COLD inline void refuse(const char* sentence) {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  throw Error(sentence);
#else
  if (on_error != nullptr) on_error(sentence);
#if !defined(GRADUS_NO_STDERR)
  std::fprintf(stderr, "%s\n", sentence);
#endif
  std::abort();
#endif
}

}}  // namespace gradus::GRADUS_ABI
