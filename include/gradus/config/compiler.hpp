// Attributes that differ between compilers.
#pragma once

// Every function of a kernel carries GRADUS_KERNEL: it must be inlined into the sweep, because only
// the sweep is compiled for the instruction set. Without the attribute a kernel has the same
// results, but is ten times slower.
#if defined(_MSC_VER) && !defined(__clang__)
#define GRADUS_KERNEL __forceinline
#define GRADUS_COLD __declspec(noinline)
#define GRADUS_NOINLINE __declspec(noinline)
#define GRADUS_LAMBDA
#define GRADUS_SHARED
#else
#define GRADUS_KERNEL [[gnu::always_inline]] inline
#define GRADUS_LAMBDA __attribute__((always_inline))  // for lambdas, after the parameters
// A function that is hardly ever called, such as one that writes the sentence of an error. The
// compiler keeps it out of its callers and optimises it for size, which is quick to compile.
#define GRADUS_COLD [[gnu::cold, gnu::noinline]]
// A function of which the compiler should make one copy, not one for each call, because a program
// waits longer for the compiler than for the calls: a check, a text, or what a schedule computes
// once in a step. Unlike a cold function, it says nothing about how often its callers run.
#define GRADUS_NOINLINE [[gnu::noinline]]
// A type that shared libraries share, even if they are compiled with -fvisibility=hidden.
#define GRADUS_SHARED [[gnu::visibility("default")]]
#endif
