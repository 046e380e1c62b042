#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>

#include <cstdint>
#include <type_traits>

#include "support/catch.hpp"

namespace math = gradus::math;
using math::ieee;

namespace {

static_assert(std::is_trivially_copyable_v<ieee> && sizeof(ieee) == sizeof(double));
static_assert(std::is_convertible_v<double, ieee> && !std::is_convertible_v<ieee, double>);
static_assert(static_cast<double>(ieee{}) == 0 && static_cast<double>(-ieee{2}) == -2);
static_assert(static_cast<double>(2.0 * (ieee{3} - 1.0) / 4.0 + 0.5) == 1.5);

// A product whose rounding error a fused operation would keep.
constexpr double a = 1 + 0x1p-27;
static_assert(static_cast<double>(ieee{a} * a - (1 + 0x1p-26)) == 0);

std::uint64_t bits(ieee x) { return math::to_bits(static_cast<double>(x)); }

}  // namespace

TEST_CASE("math::ieee rounds a product before it is added", "[math]") {
  volatile double x = a, sum = 1 + 0x1p-26;
  CHECK(bits(ieee{x} * x - sum) == 0);
  CHECK(bits(sum - ieee{x} * x) == 0);
  CHECK(bits(ieee{x} * x + -sum) == 0);
  CHECK(bits(-(ieee{x} * x) + sum) == 0);
  CHECK(bits(ieee{x * x} - sum) == 0);  // also the product of two doubles
}

TEST_CASE("math::ieee keeps the order of the operations", "[math]") {
  volatile double one = 1, tiny = 0x1p-53, big = 0x1.8p52, third = 1.0 / 3;
  CHECK(bits((ieee{one} + tiny) + tiny) == bits(1.0));
  CHECK(bits(ieee{one} + (ieee{tiny} + tiny)) == bits(1 + 0x1p-52));
  CHECK(bits((ieee{third} + big) - big) == 0);
  CHECK(bits((ieee{third} * 3.0) * 0x1p-60 / 0x1p-60) == bits(1.0));
  CHECK(bits((ieee{big} - third) - (ieee{big} - third)) == 0);
}

TEST_CASE("math::ieee divides, and does not multiply by a reciprocal", "[math]") {
  volatile double seven = 7, three = 3, ten = 10, five = 5;
  CHECK(bits(ieee{seven} / three) == bits(0x1.2aaaaaaaaaaabp+1));
  CHECK(bits(ieee{five} / three) == bits(0x1.aaaaaaaaaaaabp+0));  // 5 (1/3) ends in ...aa
  CHECK(bits(ieee{ten} / three) == bits(0x1.aaaaaaaaaaaabp+1));
  CHECK(bits(ieee{three} / ten) == bits(0x1.3333333333333p-2));  // 3 (1/10) ends in ...34
  CHECK(bits(ieee{seven} / ten) == bits(0x1.6666666666666p-1));
  CHECK(bits(ieee{three} / 10.0) == bits(0x1.3333333333333p-2));
}

namespace {

constexpr std::uint64_t digest() {
  std::uint64_t state = 1, hash = 0xcbf2'9ce4'8422'2325U;
  ieee x = 0.5, y = 0.25, z = 3.0;
  for (int i = 0; i < 500; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const ieee w = static_cast<double>(state >> 11) * 0x1p-53;
    x = x + (y - x) * w;
    y = y * w / (x + 1.0) - z * x / (x + 2.0) + w;
    z = -(z * w) + (w - 0.5) * (x * y) / 3.0;
    hash = (hash ^ math::to_bits(static_cast<double>(x + y + z))) * 0x100'0000'01b3U;
  }
  return hash;
}

}  // namespace

TEST_CASE("math::ieee has the same bits everywhere", "[math][digest]") {
  constexpr std::uint64_t compile_time = digest();
  CHECK(compile_time == 0xbe18'ef10'c60c'5818U);
  CHECK(digest() == compile_time);
}
