// The processors that gradus has SIMD lanes for.
#pragma once

#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)
#define GRADUS_X86_64 1
#elif (defined(__GNUC__) || defined(__clang__)) && defined(__aarch64__)
#define GRADUS_AARCH64 1
#endif
