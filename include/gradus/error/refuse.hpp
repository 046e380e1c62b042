// How a call on bad input ends: an exception, or a function of the program's where there are none.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Called with the error's sentence where exceptions are disabled; must not return. Replace it
/// before the first use. A program without a standard error defines GRADUS_NO_STDERR for all of
/// its units: the stream would be linked even where it is never used, and with it a heap.
inline void (*on_error)(const char* sentence) = []([[maybe_unused]] const char* sentence) {
#if !defined(GRADUS_NO_STDERR)
  std::fprintf(stderr, "%s\n", sentence);
#endif
  std::abort();
};

/// Ends a call on bad input: throws `std::invalid_argument`, or calls `on_error` where exceptions
/// are disabled.
[[noreturn]] inline void refuse(const char* sentence) {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  throw std::invalid_argument(sentence);
#else
  on_error(sentence);
  std::abort();
#endif
}

}}  // namespace gradus::GRADUS_ABI
