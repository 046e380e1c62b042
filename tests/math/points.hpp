// What the tests of exp, log, pow and cospi share: points, a digest, and a judge with more digits.
#pragma once

#include <math.h>  // expl and its kin, of the global namespace

#include <cmath>
#include <cstdint>
#include <limits>

#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>

namespace points {

inline std::uint64_t bits(double x) { return gradus::math::to_bits(x); }
inline constexpr std::uint64_t infinity_bits = gradus::math::infinity_bits<double>;
constexpr double from_bits(std::uint64_t b) { return gradus::math::from_bits<double>(b); }

/// The same doubles everywhere (Steele, Lea, Flood, SplitMix, OOPSLA 2014).
class Generator {
 public:
  constexpr std::uint64_t next() {
    state_ += 0x9e37'79b9'7f4a'7c15U;
    std::uint64_t z = (state_ ^ (state_ >> 30)) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebU;
    return z ^ (z >> 31);
  }
  constexpr double in(double low, double high) {
    const gradus::math::ieee width = gradus::math::ieee{high} - low;
    return static_cast<double>(low + width * (static_cast<double>(next() >> 11) * 0x1p-53));
  }
  /// Any positive normal or subnormal number, every exponent as likely as another.
  constexpr double positive() { return from_bits(1 + next() % (infinity_bits - 1)); }
  constexpr double integer(std::uint64_t low, std::uint64_t high) {
    return static_cast<double>(low + next() % (high - low + 1));
  }

 private:
  std::uint64_t state_ = 0;
};

/// FNV-1a over the bits of the results at `count` points.
template <class F>
std::uint64_t digest(F result, int count = 10'000) {
  Generator g;
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;
  for (int i = 0; i < count; ++i) {
    const std::uint64_t b = bits(result(g));
    for (int byte = 0; byte < 64; byte += 8) {
      hash = (hash ^ ((b >> byte) & 0xff)) * 0x100'0000'01b3U;
    }
  }
  return hash;
}

inline constexpr bool long_double_judges = std::numeric_limits<long double>::digits >= 64;

/// The value of the C library itself: under -Ofast g++ would put in something less exact.
inline long double judge(long double (*f)(long double), long double x) {
  long double (*volatile called)(long double) = f;
  return called(x);
}
inline long double judge(long double (*f)(long double, long double), long double x, long double y) {
  long double (*volatile called)(long double, long double) = f;
  return called(x, y);
}

/// The error of a normal result in units of its last place.
inline double ulps(double got, long double exact) {
  const long double error = std::fabs(static_cast<long double>(got) - exact);
  return static_cast<double>(std::scalbn(error, 52 - std::ilogb(exact)));
}

}  // namespace points
