// Attributes that differ between compilers.
#pragma once

// Every function of a kernel carries GRADUS_KERNEL: it must be inlined into the sweep, because only
// the sweep is compiled for the instruction set. Without the attribute a kernel has the same
// results, but is ten times slower.
#if defined(_MSC_VER) && !defined(__clang__)
#define GRADUS_KERNEL __forceinline
#define GRADUS_LAMBDA
#define GRADUS_SHARED
#else
#define GRADUS_KERNEL [[gnu::always_inline]] inline
#define GRADUS_LAMBDA __attribute__((always_inline))  // for lambdas, after the parameters
// A type that shared libraries share, even if they are compiled with -fvisibility=hidden.
#define GRADUS_SHARED [[gnu::visibility("default")]]
#endif
