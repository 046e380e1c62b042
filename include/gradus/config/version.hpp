// The version of gradus, and the name of the inline namespace that contains everything.
#pragma once

#define GRADUS_VERSION_MAJOR 0
#define GRADUS_VERSION_MINOR 2
#define GRADUS_VERSION_PATCH 0
#define GRADUS_VERSION_STRING "0.2.0"

// Two translation units that are compiled for different processors contain different code for the
// same inline function. The linker keeps only one copy, which may use instructions that the machine
// does not have. So the name of the namespace says what the unit was compiled for. Units with the
// same target share everything. Units with different targets can be linked into one program;
// passing a gradus type from one to the other is a link error instead of an illegal instruction
// (docs/design/003-same-bits.md).
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
