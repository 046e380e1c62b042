// How a kernel is marked, which differs between compilers.
#pragma once

// Part of how a kernel is written: it must melt into the sweep, which alone knows the instruction
// set. Without it the kernel is still right, and ten times slower.
#if defined(_MSC_VER) && !defined(__clang__)
#define GRADUS_KERNEL __forceinline
#define GRADUS_LAMBDA
#else
#define GRADUS_KERNEL [[gnu::always_inline]] inline
#define GRADUS_LAMBDA __attribute__((always_inline))  // the same behind a lambda's parameters
#endif
