// What differs between compilers and is not about processors: exceptions, and how a kernel is
// marked.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <gradus/version.hpp>

// Part of how a kernel is written: it must melt into the sweep, which alone knows the instruction
// set. Without it the kernel is still right, and ten times slower.
#if defined(_MSC_VER) && !defined(__clang__)
#define GRADUS_KERNEL __forceinline
#define GRADUS_LAMBDA
#else
#define GRADUS_KERNEL [[gnu::always_inline]] inline
#define GRADUS_LAMBDA __attribute__((always_inline))  // the same behind a lambda's parameters
#endif

namespace gradus::inline GRADUS_ABI {

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

}  // namespace gradus::inline GRADUS_ABI
