// The lane types: one struct of static operations for each instruction set, and a scalar one for
// everything else.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <gradus/math/random_bits.hpp>
#include <gradus/simd/isa.hpp>
#include <gradus/simd/scalar.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

#if defined(GRADUS_X86_64)

// x < y ? a : b by masks; the comparison leaves all ones or all zeros. In three steps for SSE2,
// which has no blend.
#define GRADUS_SELECT_SSE2(CMP, AND, ANDN, OR, t, x, y, a, b)                              \
  std::remove_cvref_t<decltype(t)> mask = x;                                               \
  asm(CMP " %2, %1\n\tmovaps %1, %0\n\t" AND " %3, %0\n\t" ANDN " %4, %1\n\t" OR " %1, %0" \
      : "=&x"(t), "+&x"(mask)                                                              \
      : "x"(y), "x"(a), "x"(b))
#define GRADUS_SELECT_AVX(CMP, BLEND, t, x, y, a, b) \
  asm(CMP " %2, %1, %0\n\t" BLEND " %0, %3, %4, %0" : "=&x"(t) : "x"(x), "x"(y), "x"(a), "x"(b))
#define GRADUS_SELECT_AVX512(CMP, BLEND, t, x, y, a, b)   \
  asm(CMP " %2, %1, %%k1\n\t" BLEND " %3, %4, %0%{%%k1%}" \
      : "=v"(t)                                           \
      : "v"(x), "v"(y), "v"(a), "v"(b)                    \
      : "k1")

// q + a * below, and then q + (a - q * b) * inverse; see div_root.
#define GRADUS_FMA(REG, KIND, q, rest, a, value, inverse, below, floor)            \
  asm("vfmadd231" KIND " %3, %2, %0\n\tvfnmadd231" KIND " %4, %0, %1\n\tvmax" KIND \
      " %6, %1, %1\n\tvfmadd231" KIND " %5, %1, %0"                                \
      : "+&" REG(q), "+&" REG(rest)                                                \
      : REG(a), REG(below), REG(value), REG(inverse), REG(floor))

// The first `count` elements, fewer than a lane: `mask` has that many ones. What lies beyond is
// neither read nor written.
#define GRADUS_MASK_AVX(mask, count) \
  lane<T> mask;                      \
  std::memcpy(&mask, reinterpret_cast<const char*>(ones_then_zeros) + 32 - count * sizeof(T), 32)
#define GRADUS_LOAD_AVX(KIND, t, mask, from) \
  asm("vmaskmov" KIND " %1, %2, %0" : "=x"(t) : "m"(*from), "x"(mask))
#define GRADUS_STORE_AVX(KIND, t, mask, to) \
  asm("vmaskmov" KIND " %1, %2, %0" : "+m"(*to) : "x"(t), "x"(mask))
#define GRADUS_MASK_AVX512(mask, count) const unsigned mask = (1U << count) - 1U
#define GRADUS_LOAD_AVX512(KIND, t, mask, from)             \
  asm("kmovw %2, %%k1\n\tvmovu" KIND " %1, %0%{%%k1%}%{z%}" \
      : "=v"(t)                                             \
      : "m"(*from), "r"(mask)                               \
      : "k1")
#define GRADUS_STORE_AVX512(KIND, t, mask, to) \
  asm("kmovw %2, %%k1\n\tvmovu" KIND " %1, %0%{%%k1%}" : "+m"(*to) : "v"(t), "r"(mask) : "k1")
inline constexpr std::int32_t ones_then_zeros[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

// The constraint is "x" for 16- and 32-byte lanes (the legacy encodings cannot name registers from
// xmm16 up) and "v" for 64-byte ones.
#define GRADUS_LANES sse2
#define GRADUS_BYTES 16
#define GRADUS_TARGET [[gnu::target("sse2")]]
#define GRADUS_REG "x"
#define GRADUS_DIV_FLOAT "divps %1, %0"
#define GRADUS_DIV_DOUBLE "divpd %1, %0"
#define GRADUS_SQRT_FLOAT "sqrtps %1, %0"
#define GRADUS_SQRT_DOUBLE "sqrtpd %1, %0"
#define GRADUS_MIN_FLOAT "minps %1, %0"
#define GRADUS_MIN_DOUBLE "minpd %1, %0"
#define GRADUS_MAX_FLOAT "maxps %1, %0"
#define GRADUS_MAX_DOUBLE "maxpd %1, %0"
#define GRADUS_SELECT_FLOAT(...) \
  GRADUS_SELECT_SSE2("cmpltps", "andps", "andnps", "orps", __VA_ARGS__)
#define GRADUS_SELECT_DOUBLE(...) \
  GRADUS_SELECT_SSE2("cmpltpd", "andpd", "andnpd", "orpd", __VA_ARGS__)
#include <gradus/simd/lanes.inl>

#define GRADUS_LANES avx2
#define GRADUS_BYTES 32
#define GRADUS_TARGET [[gnu::target("avx2,fma")]]
#define GRADUS_REG "x"
#define GRADUS_DIV_FLOAT "vdivps %1, %0, %0"
#define GRADUS_DIV_DOUBLE "vdivpd %1, %0, %0"
#define GRADUS_SQRT_FLOAT "vsqrtps %1, %0"
#define GRADUS_SQRT_DOUBLE "vsqrtpd %1, %0"
#define GRADUS_MIN_FLOAT "vminps %1, %0, %0"
#define GRADUS_MIN_DOUBLE "vminpd %1, %0, %0"
#define GRADUS_MAX_FLOAT "vmaxps %1, %0, %0"
#define GRADUS_MAX_DOUBLE "vmaxpd %1, %0, %0"
#define GRADUS_SELECT_FLOAT(...) GRADUS_SELECT_AVX("vcmpltps", "vblendvps", __VA_ARGS__)
#define GRADUS_SELECT_DOUBLE(...) GRADUS_SELECT_AVX("vcmpltpd", "vblendvpd", __VA_ARGS__)
#define GRADUS_PART(WHAT, ...) GRADUS_##WHAT##_AVX(__VA_ARGS__)
#define GRADUS_TAKE_HALVES(r, from) asm("vpmovzxwd %1, %0" : "=x"(r) : "m"(*from))
#define GRADUS_TAKE_BYTES(r, from) asm("vpmovzxbd %1, %0" : "=x"(r) : "m"(*from))
#define GRADUS_TAKE_FLOAT16(r, from) asm("vcvtph2ps %1, %0" : "=x"(r) : "m"(*from))
#define GRADUS_PUT_FLOAT16(to, r) asm("vcvtps2ph $0, %1, %0" : "=m"(*to) : "x"(r))
#define GRADUS_FMA_FLOAT(...) GRADUS_FMA("x", "ps", __VA_ARGS__)
#define GRADUS_FMA_DOUBLE(...) GRADUS_FMA("x", "pd", __VA_ARGS__)
#include <gradus/simd/lanes.inl>

#define GRADUS_LANES avx512
#define GRADUS_BYTES 64
#define GRADUS_TARGET [[gnu::target("avx512f")]]
#define GRADUS_REG "v"
#define GRADUS_DIV_FLOAT "vdivps %1, %0, %0"
#define GRADUS_DIV_DOUBLE "vdivpd %1, %0, %0"
#define GRADUS_SQRT_FLOAT "vsqrtps %1, %0"
#define GRADUS_SQRT_DOUBLE "vsqrtpd %1, %0"
#define GRADUS_MIN_FLOAT "vminps %1, %0, %0"
#define GRADUS_MIN_DOUBLE "vminpd %1, %0, %0"
#define GRADUS_MAX_FLOAT "vmaxps %1, %0, %0"
#define GRADUS_MAX_DOUBLE "vmaxpd %1, %0, %0"
#define GRADUS_SELECT_FLOAT(...) GRADUS_SELECT_AVX512("vcmpltps", "vblendmps", __VA_ARGS__)
#define GRADUS_SELECT_DOUBLE(...) GRADUS_SELECT_AVX512("vcmpltpd", "vblendmpd", __VA_ARGS__)
#define GRADUS_PART(WHAT, ...) GRADUS_##WHAT##_AVX512(__VA_ARGS__)
#define GRADUS_TAKE_HALVES(r, from) asm("vpmovzxwd %1, %0" : "=v"(r) : "m"(*from))
#define GRADUS_PUT_HALVES(to, r) asm("vpmovdw %1, %0" : "=m"(*to) : "v"(r))
#define GRADUS_TAKE_BYTES(r, from) asm("vpmovzxbd %1, %0" : "=v"(r) : "m"(*from))
#define GRADUS_PUT_BYTES(to, r) asm("vpmovdb %1, %0" : "=m"(*to) : "v"(r))
#define GRADUS_TAKE_FLOAT16(r, from) asm("vcvtph2ps %1, %0" : "=v"(r) : "m"(*from))
#define GRADUS_PUT_FLOAT16(to, r) asm("vcvtps2ph $0, %1, %0" : "=m"(*to) : "v"(r))
// What is NaN becomes bfloat16::one_nan, what is not stays.
#define GRADUS_ONE_NAN(r) asm("vfixupimmps $0, %1, %0, %0" : "+v"(r) : "v"(0x11111133U + words{}))
#define GRADUS_FMA_FLOAT(...) GRADUS_FMA("v", "ps", __VA_ARGS__)
#define GRADUS_FMA_DOUBLE(...) GRADUS_FMA("v", "pd", __VA_ARGS__)
#include <gradus/simd/lanes.inl>

#undef GRADUS_FMA
#undef GRADUS_MASK_AVX
#undef GRADUS_LOAD_AVX
#undef GRADUS_STORE_AVX
#undef GRADUS_MASK_AVX512
#undef GRADUS_LOAD_AVX512
#undef GRADUS_STORE_AVX512
#undef GRADUS_SELECT_SSE2
#undef GRADUS_SELECT_AVX
#undef GRADUS_SELECT_AVX512

#elif defined(GRADUS_AARCH64)

#define GRADUS_SELECT_NEON(KIND, t, x, y, a, b)                                   \
  asm("fcmgt %0." KIND ", %2." KIND ", %1." KIND "\n\tbsl %0.16b, %3.16b, %4.16b" \
      : "=&w"(t)                                                                  \
      : "w"(x), "w"(y), "w"(a), "w"(b))
#define GRADUS_LANES neon
#define GRADUS_BYTES 16
#define GRADUS_TARGET
#define GRADUS_REG "w"
#define GRADUS_DIV_FLOAT "fdiv %0.4s, %0.4s, %1.4s"
#define GRADUS_DIV_DOUBLE "fdiv %0.2d, %0.2d, %1.2d"
#define GRADUS_SQRT_FLOAT "fsqrt %0.4s, %1.4s"
#define GRADUS_SQRT_DOUBLE "fsqrt %0.2d, %1.2d"
#define GRADUS_SELECT_FLOAT(...) GRADUS_SELECT_NEON("4s", __VA_ARGS__)
#define GRADUS_SELECT_DOUBLE(...) GRADUS_SELECT_NEON("2d", __VA_ARGS__)
#include <gradus/simd/lanes.inl>
#undef GRADUS_SELECT_NEON

#endif

}}}  // namespace gradus::GRADUS_ABI::simd
