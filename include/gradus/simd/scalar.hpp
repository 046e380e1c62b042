// Width 1: the reference for every other path, and the path of processors that gradus has no lanes
// for.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <gradus/config/pin.hpp>
#include <gradus/config/root.hpp>
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
  static inline void broadcast(T& r, T x) {
    r = x;
  }
  template <class T, class S>
  static inline void load(T& r, const S* from) {
    T t = static_cast<T>(*from);
    GRADUS_PIN_SCALAR(t);
    r = t;
  }
  template <class T, class S>
  static inline void store(S* to, const T& r) {
    *to = static_cast<S>(r);
  }
  template <class S>
  static inline void rounded(float& r, const float& a) {
    r = static_cast<float>(S(a));
  }
  template <class T, class Keys>
  static inline void random_sum(T& r, const Keys& keys, std::uint64_t counter) {
    std::uint32_t sum = 0;
    for (const RandomKey& key : keys) {
      auto random = static_cast<std::uint32_t>(counter >> 32);
      gradus::detail::random_bits(random, static_cast<std::uint32_t>(counter), key);
      sum += (random & 0xffffU) + (random >> 16);
    }
    r = static_cast<T>(sum);
  }
  template <class S>
  static inline void store_randomly(S* to, const float& r, const RandomKey& key,
                                    std::uint64_t counter) {
    auto word = std::bit_cast<std::uint32_t>(r);
    auto random = static_cast<std::uint32_t>(counter >> 32);
    gradus::detail::random_bits(random, static_cast<std::uint32_t>(counter), key);
    S::narrow_randomly(word, random);
    to->bits = static_cast<std::uint16_t>(word);
  }
  template <class S>
  static inline void load_codes(float& r, const std::uint8_t* from, const float& origin) {
    std::uint32_t word = *from;
    S::template decode<float>(word, std::bit_cast<std::uint32_t>(origin));
    r = std::bit_cast<float>(word);
  }
  template <class S>
  static inline void store_codes(std::uint8_t* to, const float& r, const float& origin,
                                 const words& dither) {
    auto word = std::bit_cast<std::uint32_t>(r);
    S::template encode<float>(word, std::bit_cast<std::uint32_t>(origin), dither);
    *to = static_cast<std::uint8_t>(word);
  }
  static inline void begin_dither(words& r, std::uint32_t first) { r = first; }
  static inline void next_dither(words& r) { r += gradus::detail::dither_by_element; }
  static inline void grow(float& r, const float& x) {
    const std::uint32_t size = std::bit_cast<std::uint32_t>(x) & 0x7fffffffU;
    if (size > std::bit_cast<std::uint32_t>(r)) r = std::bit_cast<float>(size);
  }
  static inline std::uint32_t largest(const float& x) { return std::bit_cast<std::uint32_t>(x); }
  template <class T>
  static inline void add(T& r, const T& a, const T& b) {
    T t = a + b;
    GRADUS_PIN_SCALAR(t);
    r = t;
  }
  template <class T>
  static inline void sub(T& r, const T& a, const T& b) {
    T t = a - b;
    GRADUS_PIN_SCALAR(t);
    r = t;
  }
  template <class T>
  static inline void mul(T& r, const T& a, const T& b) {
    T t = a * b;
    GRADUS_PIN_SCALAR(t);
    r = t;
  }
  template <class T>
  static inline void div(T& r, const T& a, const T& b) {
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
  template <class T, class D>
  static inline void div_root(T& r, const T& a, const D& b) {
    div(r, a, b.value);
  }
  template <class T>
  static inline void sqrt(T& r, const T& a) {
    r = gradus::detail::hardware_root(a);
  }
  // By the sign's bit: also of zeros and of what is not a number.
  template <class T>
  static inline void abs(T& r, const T& a) {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    r = std::bit_cast<T>(std::bit_cast<word>(a) & (~word{0} >> 1));
  }
  template <class T>
  static inline void negate(T& r, const T& a) {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    r = std::bit_cast<T>(std::bit_cast<word>(a) ^ ~(~word{0} >> 1));
  }
  // r = x < y ? a : b; b where x or y is NaN. The comparison is an instruction where fast-math
  // could turn it round.
  template <class T>
  static inline void select_less(T& r, const T& x, const T& y, const T& a, const T& b) {
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
  template <class T>
  static inline void min(T& r, const T& a, const T& b) {
#if defined(GRADUS_X86_64)
    T t = a;
    if constexpr (sizeof(T) == 4) {
      asm("minss %1, %0" : "+x"(t) : "x"(b));
    } else {
      asm("minsd %1, %0" : "+x"(t) : "x"(b));
    }
    r = t;
#else
    select_less<T>(r, a, b, a, b);
#endif
  }
  template <class T>
  static inline void max(T& r, const T& a, const T& b) {
#if defined(GRADUS_X86_64)
    T t = a;
    if constexpr (sizeof(T) == 4) {
      asm("maxss %1, %0" : "+x"(t) : "x"(b));
    } else {
      asm("maxsd %1, %0" : "+x"(t) : "x"(b));
    }
    r = t;
#else
    select_less<T>(r, b, a, a, b);
#endif
  }
};

}}}  // namespace gradus::GRADUS_ABI::simd
