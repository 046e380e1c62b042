// The lane types `sse2`, `avx2`, `avx512` and `neon`. A lane is a SIMD register full of floats or
// doubles; a lane type is a struct of static functions on lanes, one for each instruction set, with
// the names and the results of `scalar`'s.
//
// The functions are the same text for every instruction set, but no template can write them: the
// target of a function and the text of an asm statement are literals, which cannot depend on a
// template's parameter. So lanes.inl holds the text and is included once for each instruction set,
// and macros say what differs:
//
//   GRADUS_LANES                 the name of the lane type
//   GRADUS_BYTES                 the size of a lane
//   GRADUS_AVX                   2 for AVX2, 512 for AVX-512, 0 for sets without AVX
//   GRADUS_TARGET                the attribute that lets a function use the instruction set
//   GRADUS_REG                   the asm constraint for a register that holds a lane
//   GRADUS_FLOAT, GRADUS_DOUBLE  what an instruction's name ends in, by the type of the elements
//   GRADUS_UNARY(op, type)       the instruction %0 = op(%1), as text
//   GRADUS_BINARY(op, type)      the instruction %0 = op(%0, %1), as text
//   GRADUS_SELECT(type)          the statement t = x < y ? a : b
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <gradus/math/random_bits.hpp>
#include <gradus/simd/isa.hpp>
#include <gradus/simd/scalar.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

#if defined(GRADUS_X86_64)

#define GRADUS_FLOAT "ps"
#define GRADUS_DOUBLE "pd"

// SSE2 has no blend, so it selects by masks: a comparison leaves all ones or all zeros.
#define GRADUS_LANES sse2
#define GRADUS_BYTES 16
#define GRADUS_AVX 0
#define GRADUS_TARGET [[gnu::target("sse2")]]
#define GRADUS_REG "x"
#define GRADUS_UNARY(op, type) op type " %1, %0"
#define GRADUS_BINARY(op, type) op type " %1, %0"
#define GRADUS_SELECT(type)                                                      \
  lane<T> mask = x;                                                              \
  asm("cmplt" type " %2, %1\n\tmovaps %1, %0\n\tand" type " %3, %0\n\tandn" type \
      " %4, %1\n\tor" type " %1, %0"                                             \
      : "=&x"(t), "+&x"(mask)                                                    \
      : "x"(y), "x"(a), "x"(b))
#include <gradus/simd/lanes.inl>

// The constraint "x" names the registers xmm0 to xmm15 or ymm0 to ymm15: the instructions of SSE2
// and AVX2 cannot reach those that AVX-512 adds, which "v" includes.
#define GRADUS_LANES avx2
#define GRADUS_BYTES 32
#define GRADUS_AVX 2
#define GRADUS_TARGET [[gnu::target("avx2,fma")]]
#define GRADUS_REG "x"
#define GRADUS_UNARY(op, type) "v" op type " %1, %0"
#define GRADUS_BINARY(op, type) "v" op type " %1, %0, %0"
#define GRADUS_SELECT(type)                                         \
  asm("vcmplt" type " %2, %1, %0\n\tvblendv" type " %0, %3, %4, %0" \
      : "=&x"(t)                                                    \
      : "x"(x), "x"(y), "x"(a), "x"(b))
#include <gradus/simd/lanes.inl>

#define GRADUS_LANES avx512
#define GRADUS_BYTES 64
#define GRADUS_AVX 512
#define GRADUS_TARGET [[gnu::target("avx512f")]]
#define GRADUS_REG "v"
#define GRADUS_UNARY(op, type) "v" op type " %1, %0"
#define GRADUS_BINARY(op, type) "v" op type " %1, %0, %0"
#define GRADUS_SELECT(type)                                               \
  asm("vcmplt" type " %2, %1, %%k1\n\tvblendm" type " %3, %4, %0%{%%k1%}" \
      : "=v"(t)                                                           \
      : "v"(x), "v"(y), "v"(a), "v"(b)                                    \
      : "k1")
#include <gradus/simd/lanes.inl>

#elif defined(GRADUS_AARCH64)

#define GRADUS_FLOAT "4s"
#define GRADUS_DOUBLE "2d"

#define GRADUS_LANES neon
#define GRADUS_BYTES 16
#define GRADUS_AVX 0
#define GRADUS_TARGET
#define GRADUS_REG "w"
#define GRADUS_UNARY(op, type) "f" op " %0." type ", %1." type
#define GRADUS_BINARY(op, type) "f" op " %0." type ", %0." type ", %1." type
#define GRADUS_SELECT(type)                                                       \
  asm("fcmgt %0." type ", %2." type ", %1." type "\n\tbsl %0.16b, %3.16b, %4.16b" \
      : "=&w"(t)                                                                  \
      : "w"(x), "w"(y), "w"(a), "w"(b))
#include <gradus/simd/lanes.inl>

#endif

#undef GRADUS_FLOAT
#undef GRADUS_DOUBLE

}}}  // namespace gradus::GRADUS_ABI::simd
