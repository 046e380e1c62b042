// The value that a kernel computes with: a few floats or doubles side by side, which have the
// operators of a single one.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/simd/divisor.hpp>
#include <gradus/simd/lanes.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

/// The dithers of consecutive elements, one for each element of a pack of floats. They round codes.
template <class I>
struct Dither {
  typename I::words v;

  GRADUS_KERNEL explicit Dither(std::uint32_t first) { I::begin_dither(v, first); }
  GRADUS_KERNEL Dither(const Dither& o) { std::memcpy(&v, &o.v, sizeof v); }
  GRADUS_KERNEL Dither& operator=(const Dither& o) {
    std::memcpy(&v, &o.v, sizeof v);
    return *this;
  }
  /// Moves on to the elements of the next pack.
  GRADUS_KERNEL void next() { I::next_dither(v); }
};

/// `I::lanes<T>` numbers of type T, where I is a lane type (lanes.hpp). Every operation rounds once
/// in every element, whatever the compiler's flags are. Either side of an operator may be a single
/// number of type T. A kernel cannot branch on values; it uses `select_less`, `min` and `max`.
template <class I, class T>
struct pack {
  using value_type = T;
  static constexpr std::size_t size = I::template lanes<T>;
  typename I::template lane<T> v;

  // The copy functions are user-provided so that calls pass a pack in memory. Functions for
  // different targets would pass it in different registers. Once a call is inlined, the pack is in
  // a register all the same.
  GRADUS_KERNEL pack() {}
  GRADUS_KERNEL pack(const pack& o) { std::memcpy(&v, &o.v, sizeof v); }
  GRADUS_KERNEL pack& operator=(const pack& o) {
    std::memcpy(&v, &o.v, sizeof v);
    return *this;
  }
  GRADUS_KERNEL explicit pack(T x) { I::template broadcast<T>(v, x); }

  /// Reads or writes `size` elements of type S, which need no alignment beyond that of S.
  template <class S>
  GRADUS_KERNEL static pack load(const S* from) {
    pack r;
    I::template load<T>(r.v, from);
    return r;
  }
  template <class S>
  GRADUS_KERNEL void store(S* to) const {
    I::template store<T>(to, v);
  }
  /// Reads or writes the first `count` elements, where `count` < `size`. After a read the others
  /// are 0, so that the same kernel can run on an incomplete pack.
  template <class S>
  GRADUS_KERNEL static pack load_part(const S* from, std::size_t count) {
    if constexpr (masks<S>) {
      pack r;
      I::template load_part<T>(r.v, from, count);
      return r;
    } else {
      S padded[size] = {};
      for (std::size_t i = 0; i < count; ++i) padded[i] = from[i];
      return load(padded);
    }
  }
  template <class S>
  GRADUS_KERNEL void store_part(S* to, std::size_t count) const {
    if constexpr (masks<S>) {
      I::template store_part<T>(to, v, count);
    } else {
      S padded[size];
      store(padded);
      for (std::size_t i = 0; i < count; ++i) to[i] = padded[i];
    }
  }

  /// Every element rounded as by a store as S and a load.
  template <class S>
  GRADUS_KERNEL pack rounded() const {
    pack r;
    I::template rounded<S>(r.v, v);
    return r;
  }
  /// Writes halves, each rounded up or down at random. How element k is rounded depends on the key
  /// and on `counter` + k.
  template <class S>
  GRADUS_KERNEL void store_randomly(S* to, const RandomKey& key, std::uint64_t counter) const {
    I::template store_randomly<S>(to, v, key, counter);
  }
  template <class S>
  GRADUS_KERNEL void store_randomly_part(S* to, std::size_t count, const RandomKey& key,
                                         std::uint64_t counter) const {
    S padded[size];
    store_randomly(padded, key, counter);
    for (std::size_t i = 0; i < count; ++i) to[i] = padded[i];
  }

  /// Reads or writes codes of a block of type S; every element of `origin` is the block's origin.
  template <class S>
  GRADUS_KERNEL static pack load_codes(const std::uint8_t* from, const pack& origin) {
    pack r;
    I::template load_codes<S>(r.v, from, origin.v);
    return r;
  }
  template <class S>
  GRADUS_KERNEL void store_codes(std::uint8_t* to, const pack& origin,
                                 const Dither<I>& dither) const {
    I::template store_codes<S>(to, v, origin.v, dither.v);
  }
  /// Replaces each element e by max(e, |x|), where e >= 0. The bits are compared, so infinity and
  /// NaN count as larger than any number.
  GRADUS_KERNEL void grow(const pack& x) { I::grow(v, x.v); }
  /// The bits of the largest element; all elements are >= 0.
  GRADUS_KERNEL std::uint32_t largest() const { return I::largest(v); }

  GRADUS_KERNEL friend pack operator+(const pack& a, const pack& b) {
    pack r;
    I::template add<T>(r.v, a.v, b.v);
    return r;
  }
  GRADUS_KERNEL friend pack operator-(const pack& a, const pack& b) {
    pack r;
    I::template sub<T>(r.v, a.v, b.v);
    return r;
  }
  GRADUS_KERNEL friend pack operator*(const pack& a, const pack& b) {
    pack r;
    I::template mul<T>(r.v, a.v, b.v);
    return r;
  }
  GRADUS_KERNEL friend pack operator/(const pack& a, const pack& b) {
    pack r;
    I::template div<T>(r.v, a.v, b.v);
    return r;
  }
  /// Adds a * b; product and sum are rounded once.
  GRADUS_KERNEL void add_product(const pack& a, const pack& b) {
    I::template fused<T>(v, a.v, b.v);
  }
  GRADUS_KERNEL friend pack operator+(T a, const pack& b) { return pack(a) + b; }
  GRADUS_KERNEL friend pack operator+(const pack& a, T b) { return a + pack(b); }
  GRADUS_KERNEL friend pack operator-(T a, const pack& b) { return pack(a) - b; }
  GRADUS_KERNEL friend pack operator-(const pack& a, T b) { return a - pack(b); }
  GRADUS_KERNEL friend pack operator*(T a, const pack& b) { return pack(a) * b; }
  GRADUS_KERNEL friend pack operator*(const pack& a, T b) { return a * pack(b); }
  GRADUS_KERNEL friend pack operator/(T a, const pack& b) { return pack(a) / b; }
  GRADUS_KERNEL friend pack operator/(const pack& a, T b) { return a / pack(b); }

  GRADUS_KERNEL friend pack operator-(const pack& a) {
    pack r;
    I::template negate<T>(r.v, a.v);
    return r;
  }
  GRADUS_KERNEL friend pack abs(const pack& a) {
    pack r;
    I::template abs<T>(r.v, a.v);
    return r;
  }
  /// -1, 0 or 1; 0 for NaN.
  GRADUS_KERNEL friend pack sign(const pack& a) {
    const pack zero(T{0});
    return select_less(a, zero, pack(T{-1}), select_less(zero, a, pack(T{1}), zero));
  }
  /// The square root, correctly rounded.
  GRADUS_KERNEL friend pack sqrt(const pack& a) {
    pack r;
    I::template sqrt<T>(r.v, a.v);
    return r;
  }
  /// a / b, rounded once, where a is a square root. Faster than `/` where the processor has fused
  /// multiply-adds.
  GRADUS_KERNEL friend pack divide_root(const pack& a, const Divisor<T>& b) {
    pack r;
    I::template div_root<T>(r.v, a.v, b);
    return r;
  }
  /// x < y ? a : b in every element; b where x or y is NaN.
  GRADUS_KERNEL friend pack select_less(const pack& x, const pack& y, const pack& a,
                                        const pack& b) {
    pack r;
    I::template select_less<T>(r.v, x.v, y.v, a.v, b.v);
    return r;
  }
  /// The smaller or the larger of a and b in every element; b where a or b is NaN.
  GRADUS_KERNEL friend pack min(const pack& a, const pack& b) {
    pack r;
    I::template min<T>(r.v, a.v, b.v);
    return r;
  }
  GRADUS_KERNEL friend pack max(const pack& a, const pack& b) {
    pack r;
    I::template max<T>(r.v, a.v, b.v);
    return r;
  }

  /// Whether the first elements of a pack are read and written by instructions of their own.
  template <class S>
  static constexpr bool masks =
      std::same_as<S, T> && requires(const S* p, typename I::template lane<T>& r) {
        I::template load_part<T>(r, p, std::size_t{});
      };
};

}}}  // namespace gradus::GRADUS_ABI::simd
