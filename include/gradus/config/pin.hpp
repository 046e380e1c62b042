// How to hide a float or a double, or an integer with the bits of one, from the optimiser: an empty
// piece of assembly that may have changed it. It costs no instruction, and no contraction,
// reassociation or folding gets across. Not for constant evaluation.
#pragma once

// The x87 unit computes with 64 bits of mantissa, and rounds a result to a double only when it
// leaves the unit: every formula of the library would have other bits. On g++ the macro is 0, or 16
// where float16 has arithmetic of its own; clang's says nothing where -ffast-math is on.
#if ((defined(__i386__) || defined(__x86_64__)) && !defined(__SSE2_MATH__)) || \
    (defined(_M_IX86_FP) && _M_IX86_FP < 2) ||                                 \
    (defined(__GNUC__) && !defined(__clang__) && __FLT_EVAL_METHOD__ != 0 &&   \
     __FLT_EVAL_METHOD__ != 16)
#error "gradus needs double arithmetic that rounds to double: compile with -msse2 -mfpmath=sse"
#endif

#if defined(__SSE2_MATH__)  // x86; "v" would name registers SSE2 has not
#define GRADUS_PIN_CONSTRAINT "+x"
#elif defined(__aarch64__)
#define GRADUS_PIN_CONSTRAINT "+w"
#elif defined(__arm__) && defined(__ARM_FP)  // a double may lie in either file
#define GRADUS_PIN_CONSTRAINT "+rt"
#elif defined(__arm__)
#define GRADUS_PIN_CONSTRAINT "+r"
#elif defined(__GNUC__)  // through memory: slow, right everywhere
#define GRADUS_PIN_CONSTRAINT "+m"
#endif

#if defined(GRADUS_PIN_CONSTRAINT)
#define GRADUS_PIN_SCALAR(x) asm("" : GRADUS_PIN_CONSTRAINT(x))
// Both at once, so that neither equals the same variable pinned beside something else: two
// quotients then have no common divisor that could be turned into a multiplication by its
// reciprocal.
#define GRADUS_PIN_SCALARS(x, y) asm("" : GRADUS_PIN_CONSTRAINT(x), GRADUS_PIN_CONSTRAINT(y))
#else  // MSVC neither contracts nor reassociates by default
#define GRADUS_PIN_SCALAR(x) static_cast<void>(x)
#define GRADUS_PIN_SCALARS(x, y) (static_cast<void>(x), static_cast<void>(y))
#endif
