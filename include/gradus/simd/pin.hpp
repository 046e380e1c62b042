// How to hide a float or a double, or an integer with the bits of one, from the optimiser: an empty
// piece of assembly that may have changed it. It costs no instruction, and no contraction,
// reassociation or folding gets across. Not for constant evaluation.
#pragma once

#if defined(__SSE2_MATH__)  // x86, but not its x87 unit; "v" would name registers SSE2 has not
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
