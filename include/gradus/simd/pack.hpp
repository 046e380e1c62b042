// The value a kernel computes with: a handful of floats or doubles side by side, with the operators
// of one.
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

/// The dithers by which as many codes are rounded, one element after another.
template <class I>
struct Dither {
  typename I::words v;

  GRADUS_KERNEL explicit Dither(std::uint32_t first) { I::begin_dither(v, first); }
  GRADUS_KERNEL Dither(const Dither& o) { std::memcpy(&v, &o.v, sizeof v); }
  GRADUS_KERNEL Dither& operator=(const Dither& o) {
    std::memcpy(&v, &o.v, sizeof v);
    return *this;
  }
  /// Goes on by a pack.
  GRADUS_KERNEL void next() { I::next_dither(v); }
};

/// `I::lanes<T>` numbers of type T. Every operation rounds once, in every lane alike, whatever the
/// compiler's flags. Scalars of type T may stand on either side of an operator. There is no `if` on
/// values: use `select_less`, `min`, `max`.
template <class I, class T>
struct pack {
  using value_type = T;
  static constexpr std::size_t size = I::template lanes<T>;
  typename I::template lane<T> v;

  // User-provided copies keep a pack out of registers at call boundaries, so that functions with
  // different targets agree on how it is passed. After inlining it lives in a register all the
  // same.
  GRADUS_KERNEL pack() {}
  GRADUS_KERNEL pack(const pack& o) { std::memcpy(&v, &o.v, sizeof v); }
  GRADUS_KERNEL pack& operator=(const pack& o) {
    std::memcpy(&v, &o.v, sizeof v);
    return *this;
  }
  GRADUS_KERNEL explicit pack(T x) { I::template broadcast<T>(v, x); }

  /// Reads `size` elements of type S (float or double), at any alignment.
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
  /// Reads `count` < `size` elements; the rest is zero. The same kernel then runs on the padded
  /// lane.
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

  /// Rounded to what S can hold, as by a store and a load.
  template <class S>
  GRADUS_KERNEL pack rounded() const {
    pack r;
    I::template rounded<S>(r.v, v);
    return r;
  }
  /// Writes halves, each rounded up or down at random: element k of the pack by draw `counter` + k.
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

  /// Reads and writes codes of a block of type S; `origin` is the block's.
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
  /// Makes each number at least |x|, by the bits, so that what is not finite counts as largest.
  GRADUS_KERNEL void grow(const pack& x) { I::grow(v, x.v); }
  /// The bits of the largest of numbers >= 0.
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
  /// -1, 0 or 1; 0 of NaN.
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
  /// a / b for an a that is a square root: rounded once, as a division, without the divider where
  /// the processor has a fused multiply-add.
  GRADUS_KERNEL friend pack divide_root(const pack& a, const Divisor<T>& b) {
    pack r;
    I::template div_root<T>(r.v, a.v, b);
    return r;
  }
  /// x < y ? a : b in every lane; b where x or y is NaN.
  GRADUS_KERNEL friend pack select_less(const pack& x, const pack& y, const pack& a,
                                        const pack& b) {
    pack r;
    I::template select_less<T>(r.v, x.v, y.v, a.v, b.v);
    return r;
  }
  /// The smaller and the larger of two; b where either is NaN.
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

 private:
  template <class S>
  static constexpr bool masks =
      std::same_as<S, T> && requires(const S* p, typename I::template lane<T>& r) {
        I::template load_part<T>(r, p, std::size_t{});
      };
};

}}}  // namespace gradus::GRADUS_ABI::simd
