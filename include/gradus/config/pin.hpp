// GRADUS_PIN_SCALAR(x) hides the value of x from the optimiser; x is a float, a double, or an
// integer with the bits of one. It is an empty asm statement that may have changed x. It costs no
// instruction, and the compiler cannot fuse, regroup or fold operations across it. It cannot be
// used in constant evaluation.
#pragma once

// The x87 unit computes with 64 bits of significand and rounds a result to double only when it
// leaves the unit, so every formula of the library would have other bits. On other units g++
// defines __FLT_EVAL_METHOD__ as 0, or as 16 where 16-bit floats have arithmetic of their own;
// clang's value means nothing under -ffast-math.
#if ((defined(__i386__) || defined(__x86_64__)) && !defined(__SSE2_MATH__)) || \
    (defined(_M_IX86_FP) && _M_IX86_FP < 2) ||                                 \
    (defined(__GNUC__) && !defined(__clang__) && __FLT_EVAL_METHOD__ != 0 &&   \
     __FLT_EVAL_METHOD__ != 16)
#error "gradus needs double arithmetic that rounds to double: compile with -msse2 -mfpmath=sse"
#endif

#if defined(__SSE2_MATH__)  // x86; "v" would include registers that SSE2 does not have
#define GRADUS_PIN_CONSTRAINT "+x"
#elif defined(__aarch64__)
#define GRADUS_PIN_CONSTRAINT "+w"
#elif defined(__arm__) && \
    defined(__ARM_FP)  // a double may be in core registers or in those of the unit
#define GRADUS_PIN_CONSTRAINT "+rt"
#elif defined(__arm__) || defined(__wasm__)
#define GRADUS_PIN_CONSTRAINT "+r"
#elif defined(__GNUC__)  // through memory: slow, but it works on every processor
#define GRADUS_PIN_CONSTRAINT "+m"
#endif

#if defined(GRADUS_PIN_CONSTRAINT)
#define GRADUS_PIN_SCALAR(x) asm("" : GRADUS_PIN_CONSTRAINT(x))
// Pins x and y in one statement. For a quotient x / y it makes y differ from the divisor of every
// other quotient, so that the compiler cannot replace several divisions by one reciprocal.
#define GRADUS_PIN_SCALARS(x, y) asm("" : GRADUS_PIN_CONSTRAINT(x), GRADUS_PIN_CONSTRAINT(y))
#else  // MSVC neither fuses nor regroups operations by default
#define GRADUS_PIN_SCALAR(x) static_cast<void>(x)
#define GRADUS_PIN_SCALARS(x, y) (static_cast<void>(x), static_cast<void>(y))
#endif
