// Numbers, bits and paths: what the tests of packs, sweeps, rules and optimizers share.
#pragma once

#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/simd/isa.hpp>

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace support {

using gradus::math::to_bits;
using gradus::simd::Isa;

template <class T>
T infinity() {
  return gradus::math::from_bits<T>(gradus::math::infinity_bits<T>);
}
template <class T>
T nan() {
  return gradus::math::quiet_nan<T>();
}

/// The promise of equal bits is for the default environment; g++ -Ofast links in code that leaves
/// it.
inline void default_environment() { std::fesetenv(FE_DFL_ENV); }

/// The paths that this machine can run; the scalar one comes first.
inline std::vector<Isa> paths() {
  std::vector<Isa> r;
  for (const Isa isa : {Isa::scalar, Isa::sse2, Isa::avx2, Isa::avx512, Isa::neon})
    if (gradus::simd::supported(isa)) r.push_back(isa);
  return r;
}

/// Forces a path for a while.
class OnPath {
 public:
  explicit OnPath(Isa isa) : before_(gradus::simd::current()) { gradus::simd::use(isa); }
  OnPath(const OnPath&) = delete;
  OnPath& operator=(const OnPath&) = delete;
  ~OnPath() { gradus::simd::use(before_); }

 private:
  Isa before_;
};

/// The same numbers everywhere (Steele, Lea, Flood, SplitMix, OOPSLA 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed = 1) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e37'79b9'7f4a'7c15U;
    std::uint64_t z = (state_ ^ (state_ >> 30)) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebU;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  /// An integer in [-span, span].
  std::int64_t integer(std::int64_t span) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(2 * span + 1)) - span;
  }
  /// Of 24 bits, exact in float, in (-1, 1), of twelve sizes; one in 16 is zero.
  template <class T>
  T number() {
    const std::int64_t k = integer((1 << 24) - 1);
    const int exponent = -24 - static_cast<int>(below(12));
    return below(16) == 0 ? T{0} : static_cast<T>(std::ldexp(static_cast<double>(k), exponent));
  }
  /// Any bits at all; every eighth a special value: zero, one, the extremes, infinity, NaN.
  template <class T>
  T any() {
    using Bits = gradus::math::bits_t<T>;
    constexpr Bits infinite = gradus::math::infinity_bits<T>;
    constexpr Bits one = sizeof(T) == 4 ? Bits{0x7f} << 23 : Bits{0x3ff} << (sizeof(T) * 8 - 12);
    constexpr Bits special[] = {0, 1, one, infinite - 1, infinite, infinite | (infinite >> 1)};
    const Bits sign = next() % 2 == 0 ? Bits{0} : gradus::math::sign_bit<T>;
    if (below(8) == 0) return gradus::math::from_bits<T>(special[below(6)] | sign);
    return gradus::math::from_bits<T>(static_cast<Bits>(next()));
  }

 private:
  std::uint64_t state_;
};

template <class T>
std::vector<T> numbers(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<T> r(n);
  for (T& x : r) x = random.number<T>();
  return r;
}

template <class T>
bool same_bits(std::span<const T> a, std::span<const T> b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return same_bits(std::span<const T>(a), std::span<const T>(b));
}
/// The same bits, or both NaN: a payload is the processor's.
template <class T>
bool same_value(const T& a, const T& b) {
  return to_bits(a) == to_bits(b) || (gradus::math::is_nan(a) && gradus::math::is_nan(b));
}

/// FNV-1a over the bits of numbers.
class Digest {
 public:
  template <class T>
  void add(std::span<const T> x) {
    for (const T& v : x) value_ = (value_ ^ to_bits(v)) * 0x100'0000'01b3U;
  }
  template <class T>
  void add(const std::vector<T>& x) {
    add(std::span<const T>(x));
  }
  /// Everything that an optimizer keeps.
  template <class O>
  void add_state(const O& optimizer) {
    for (std::size_t j = 0; j < optimizer.slots(); ++j) add(optimizer.slot(j));
    add(optimizer.scalars());
    add(optimizer.span_scalars());
    const double steps = static_cast<double>(optimizer.steps());
    add(std::span<const double>(&steps, 1));
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf2'9ce4'8422'2325U;
};

}  // namespace support
