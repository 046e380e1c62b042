// The version of gradus, and the name of the inline namespace that everything lives in.
#pragma once

#define GRADUS_VERSION_MAJOR 0
#define GRADUS_VERSION_MINOR 1
#define GRADUS_VERSION_PATCH 0
#define GRADUS_VERSION_STRING "0.1.0"

// Two translation units compiled for different processors hold different code for the same inline
// function, and the linker keeps one of them: the wrong one for half of the program's machines. So
// the name says what the unit was compiled for. Units that agree share everything; units that do
// not can live in one program, and passing a gradus type between them is a link error rather than
// an illegal instruction (docs/design/003-same-bits.md).
#if defined(__AVX512VL__)
#define GRADUS_ABI v0_avx512vl
#elif defined(__AVX512F__)
#define GRADUS_ABI v0_avx512
#elif defined(__AVX2__) && defined(__BMI2__)
#define GRADUS_ABI v0_avx2_bmi2
#elif defined(__AVX2__)
#define GRADUS_ABI v0_avx2
#elif defined(__AVX__)
#define GRADUS_ABI v0_avx
#elif defined(__SSE4_2__)
#define GRADUS_ABI v0_sse4
#else
#define GRADUS_ABI v0
#endif
