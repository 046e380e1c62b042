// The conversions of bfloat16 and float16, and the numbers that they can hold.
#include <gradus/simd/dispatch.hpp>
#include <gradus/storage/bfloat16.hpp>
#include <gradus/storage/float16.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::bfloat16;
using gradus::float16;
namespace simd = gradus::simd;

namespace {

// The value of 16 bits by the definition of the format: sign, exponent and significand.
template <class S>
double value(std::uint16_t bits) {
  constexpr int digits = std::is_same_v<S, bfloat16> ? 7 : 10, bias = digits == 7 ? 127 : 15;
  const int exponent = (bits & 0x7fff) >> digits, fraction = bits & ((1 << digits) - 1);
  const double size = exponent == 0
                          ? std::ldexp(fraction, 1 - bias - digits)
                          : std::ldexp(fraction + (1 << digits), exponent - bias - digits);
  return (bits & 0x8000) != 0 ? -size : size;
}
template <class S>
constexpr std::uint16_t infinity = std::is_same_v<S, bfloat16> ? 0x7f80 : 0x7c00;

template <class S>
S from_bits(std::uint16_t bits) {
  S r;
  r.bits = bits;
  return r;
}

// Converts floats to halves and back, a lane at a time.
template <class S>
struct Convert {
  const float* x;
  S* half;
  float* back;
  std::size_t n;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, float>;
    std::size_t i = 0;
    for (; i + V::size <= n; i += V::size) {
      V::load(x + i).store(half + i);
      V::load(half + i).store(back + i);
    }
    if (i < n) {
      V::load_part(x + i, n - i).store_part(half + i, n - i);
      V::load_part(half + i, n - i).store_part(back + i, n - i);
    }
  }
};

}  // namespace

TEMPLATE_TEST_CASE("Every half is the float of its definition", "[storage]", bfloat16, float16) {
  using S = TestType;
  support::default_environment();
  std::size_t wrong = 0;
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const S half = from_bits<S>(static_cast<std::uint16_t>(bits));
    const float x = static_cast<float>(half);
    const unsigned size = bits & 0x7fff;
    const std::uint32_t word = gradus::math::to_bits(x);
    bool right = (word >> 31) == (bits >> 15);
    if (size < infinity<S>) right = right && static_cast<double>(x) == value<S>(half.bits);
    if (size == infinity<S>) right = right && (word & 0x7fffffff) == 0x7f800000;
    if (size > infinity<S>) right = right && gradus::math::is_nan(x);
    if (size <= infinity<S>) right = right && S(x) == half;  // and back
    if (size > infinity<S>) right = right && (S(x).bits & 0x7fff) > infinity<S>;
    wrong += !right;
  }
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("A float becomes the nearest half, ties to even", "[storage]", bfloat16,
                   float16) {
  using S = TestType;
  support::default_environment();
  std::size_t wrong = 0;
  for (std::uint16_t bits = 0; bits < infinity<S>; ++bits) {
    const double low = value<S>(bits);
    const bool last = bits + 1 == infinity<S>;
    const double high = last ? 2 * low - value<S>(static_cast<std::uint16_t>(bits - 1))
                             : value<S>(static_cast<std::uint16_t>(bits + 1));
    const auto next = static_cast<std::uint16_t>(bits + 1);    // infinity after the largest number
    const auto middle = static_cast<float>((low + high) / 2);  // exact
    const std::uint16_t even = bits % 2 == 0 ? bits : next;
    const float below = std::nextafter(middle, 0.0F), above = std::nextafter(middle, 1e38F * 10);
    for (const float sign : {1.0F, -1.0F}) {
      const auto bit = static_cast<std::uint16_t>(sign < 0 ? 0x8000 : 0);
      wrong += S(sign * middle).bits != (even | bit);
      wrong += middle > 0 && S(sign * below).bits != (bits | bit);
      wrong += S(sign * above).bits != (next | bit);
    }
  }
  CHECK(wrong == 0);
  static_assert(static_cast<float>(S(0.5F)) == 0.5F && S(1e-45F).bits == 0);
}

TEST_CASE("Every NaN becomes one bfloat16, to the nearest and at random", "[storage]") {
  support::Random random;
  std::size_t wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t payload = i == 0 ? 1 : i == 1 ? 0x7fffff : random.below(0x7fffff) + 1;
    const std::uint32_t sign = i % 2 == 0 ? 0 : 0x80000000;
    const std::uint32_t nan = sign | 0x7f800000 | static_cast<std::uint32_t>(payload);
    std::uint32_t near = nan, drawn = nan;
    bfloat16::narrow<float>(near);
    bfloat16::narrow_randomly(drawn, i % 3 == 0 ? ~0U : static_cast<std::uint32_t>(random.next()));
    wrong += near != 0xffc0 || drawn != 0xffc0;
  }
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("Lanes convert as single numbers do, on every path", "[storage]", bfloat16,
                   float16) {
  using S = TestType;
  support::default_environment();
  support::Random random;
  std::vector<float> x(200'003);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i % 3 == 0) x[i] = random.any<float>();
    if (i % 3 == 1)
      x[i] = static_cast<float>(from_bits<S>(static_cast<std::uint16_t>(random.below(0x10000))));
    if (i % 3 == 2)
      x[i] = std::ldexp(random.number<float>(), static_cast<int>(random.below(40)) - 30);
  }
  for (const simd::Isa isa : support::paths()) {
    std::vector<S> half(x.size());
    std::vector<float> back(x.size());
    simd::dispatch(isa, Convert<S>{x.data(), half.data(), back.data(), x.size()});
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      wrong += half[i] != S(x[i]);
      wrong += !support::same_value(back[i], static_cast<float>(S(x[i])));
    }
    CAPTURE(simd::name(isa));
    CHECK(wrong == 0);
  }
}
