// The lane type of one element. Every other lane type must have its results, and a processor that
// gradus has no lane type for runs it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <gradus/config/fused.hpp>
#include <gradus/config/pin.hpp>
#include <gradus/config/root.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/random_bits.hpp>
#include <gradus/simd/isa.hpp>
#include <gradus/storage/block8.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

struct scalar {
  static constexpr Isa isa = Isa::scalar;
  template <class T>
  static constexpr std::size_t lanes = 1;
  template <class T>
  using lane = T;
  using words = std::uint32_t;

  template <class T>
  static void broadcast(T& r, T x) {
    r = x;
  }
  template <class T>
  static void add(T& r, const T& a, const T& b) {
    T t = a + b;
    GRADUS_PIN_SCALAR(t);
    r = t;
  }
  template <class T>
  static void sub(T& r, const T& a, const T& b) {
    T t = a - b;
    GRADUS_PIN_SCALAR(t);
    r = t;
  }
  template <class T>
  static void mul(T& r, const T& a, const T& b) {
    T t = a * b;
    GRADUS_PIN_SCALAR(t);
    r = t;
  }
  template <class T>
  static void div(T& r, const T& a, const T& b) {
    T t = a;
#if defined(GRADUS_X86_64)
    if constexpr (sizeof(T) == 4) {
      asm("divss %1, %0" : "+x"(t) : "x"(b));
    } else {
      asm("divsd %1, %0" : "+x"(t) : "x"(b));
    }
#else
    T d = b;
    GRADUS_PIN_SCALAR(d);
    t = t / d;
    GRADUS_PIN_SCALAR(t);
#endif
    r = t;
  }
  template <class T>
  static void fused(T& r, const T& a, const T& b) {
    r = gradus::detail::fused(a, b, r);
  }
  template <class T, class D>
  static void div_root(T& r, const T& a, const D& b) {
    div(r, a, b.value);
  }
  template <class T>
  static void sqrt(T& r, const T& a) {
    r = gradus::detail::hardware_root(a);
  }
  // The sign is a bit, which zeros and NaN have as well.
  template <class T>
  static void abs(T& r, const T& a) {
    r = std::bit_cast<T>(std::bit_cast<math::bits_t<T>>(a) & ~math::sign_bit<T>);
  }
  template <class T>
  static void negate(T& r, const T& a) {
    r = std::bit_cast<T>(std::bit_cast<math::bits_t<T>>(a) ^ math::sign_bit<T>);
  }
  // r = x < y ? a : b; b where x or y is NaN. The comparison is an instruction in an asm statement,
  // because -Ofast could turn it round, which gives another result for NaN.
  template <class T>
  static void select_less(T& r, const T& x, const T& y, const T& a, const T& b) {
    bool less = x < y;
#if defined(GRADUS_X86_64)
    if constexpr (sizeof(T) == 4) {
      asm("ucomiss %1, %2\n\tseta %0" : "=q"(less) : "x"(x), "x"(y) : "cc");
    } else {
      asm("ucomisd %1, %2\n\tseta %0" : "=q"(less) : "x"(x), "x"(y) : "cc");
    }
#elif defined(GRADUS_AARCH64)
    unsigned set = 0;
    if constexpr (sizeof(T) == 4) {
      asm("fcmp %s1, %s2\n\tcset %w0, mi" : "=r"(set) : "w"(x), "w"(y) : "cc");
    } else {
      asm("fcmp %d1, %d2\n\tcset %w0, mi" : "=r"(set) : "w"(x), "w"(y) : "cc");
    }
    less = set != 0;
#endif
    r = less ? a : b;
  }
  // r = a < b ? a : b, and r = a > b ? a : b; both b where a or b is NaN.
  template <class T>
  static void min(T& r, const T& a, const T& b) {
    select_less<T>(r, a, b, a, b);
  }
  template <class T>
  static void max(T& r, const T& a, const T& b) {
    select_less<T>(r, b, a, a, b);
  }

  // a, where infinity becomes the largest finite number, and -infinity its negative.
  template <class T>
  static void limited(T& r, const T& a) {
    constexpr T most = std::numeric_limits<T>::max();
    min<T>(r, most, a);
    max<T>(r, -most, r);
  }

  template <class T, class S>
  static void load(T& r, const S* from) {
    T t = static_cast<T>(*from);
    GRADUS_PIN_SCALAR(t);
    r = t;
  }
  template <class T, class S>
  static void store(S* to, const T& r) {
    *to = static_cast<S>(r);
  }
  template <class S>
  static void rounded(float& r, const float& a) {
    r = static_cast<float>(S(a));
  }
  template <class T, class Keys>
  static void random_sum(T& r, const Keys& keys, std::uint64_t counter) {
    std::uint32_t sum = 0;
    for (const RandomKey& key : keys) {
      const std::uint32_t random = gradus::detail::random_bits(counter, key);
      sum += (random & 0xffffU) + (random >> 16);
    }
    r = static_cast<T>(sum);
  }
  template <class S>
  static void store_randomly(S* to, const float& r, const RandomKey& key, std::uint64_t counter) {
    auto word = std::bit_cast<std::uint32_t>(r);
    S::narrow_randomly(word, gradus::detail::random_bits(counter, key));
    to->bits = static_cast<std::uint16_t>(word);
  }
  template <class S>
  static void load_codes(float& r, const std::uint8_t* from, const float& origin) {
    std::uint32_t word = *from;
    S::template decode<float>(word, std::bit_cast<std::uint32_t>(origin));
    r = std::bit_cast<float>(word);
  }
  template <class S>
  static void store_codes(std::uint8_t* to, const float& r, const float& origin,
                          const words& dither) {
    auto word = std::bit_cast<std::uint32_t>(r);
    S::template encode<float>(word, std::bit_cast<std::uint32_t>(origin), dither);
    *to = static_cast<std::uint8_t>(word);
  }
  static void begin_dither(words& r, std::uint32_t first) { r = first; }
  static void next_dither(words& r) { r += gradus::detail::dither_by_element; }
  static void grow(float& r, const float& x) {
    const std::uint32_t size = std::bit_cast<std::uint32_t>(x) & 0x7fffffffU;
    if (size > std::bit_cast<std::uint32_t>(r)) r = std::bit_cast<float>(size);
  }
  static std::uint32_t largest(const float& x) { return std::bit_cast<std::uint32_t>(x); }
};

}}}  // namespace gradus::GRADUS_ABI::simd
