#include <gradus/storage/element.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Positive8;
using gradus::Signed8;

namespace {

static_assert(sizeof(Signed8) == 65 && sizeof(Positive8) == 65);
static_assert(gradus::Blocked<Signed8> && gradus::Storage<Signed8> && !gradus::Element<Signed8>);
static_assert(gradus::stored_count<Signed8>(0) == 0 && gradus::stored_count<Signed8>(1) == 1);
static_assert(gradus::stored_count<Positive8>(64) == 1 && gradus::stored_count<Positive8>(65) == 2);
static_assert(gradus::stored_count<float>(65) == 65);

// The number that x becomes in a block whose largest number is `largest`.
template <class S>
float through(float x, float largest, std::uint32_t dither) {
  S block;
  block.cover(std::bit_cast<std::uint32_t>(largest));
  auto word = std::bit_cast<std::uint32_t>(x);
  const auto origin = std::bit_cast<std::uint32_t>(block.origin());
  S::template encode<float>(word, origin, dither);
  CHECK(word < 256);
  S::template decode<float>(word, origin);
  return std::bit_cast<float>(word);
}

// The mean of that number over many steps, which have different dithers.
template <class S>
double mean(float x, float largest) {
  double sum = 0;
  constexpr int n = 4096;
  for (int t = 0; t < n; ++t)
    sum += static_cast<double>(
        through<S>(x, largest, gradus::detail::dither(static_cast<std::uint64_t>(t), 0, 17)));
  return sum / n;
}

}  // namespace

TEMPLATE_TEST_CASE("A code has 4 significant bits, and is right on average", "[storage]", Signed8,
                   Positive8) {
  using S = TestType;
  const double range = std::is_same_v<S, Signed8> ? 0x1p-12 : 0x1p-30;
  support::Random random(1);
  for (int i = 0; i < 300; ++i) {
    const auto largest =
        static_cast<float>(std::ldexp(1 + random.number<double>() / 2, i % 90 - 45));
    const auto x = static_cast<float>(static_cast<double>(largest) *
                                      std::pow(range, std::fabs(random.number<double>())));
    CAPTURE(largest, x);
    if (!(x > 0 && x <= largest)) continue;
    for (const std::uint32_t dither : {0U, 0x8000'0000U, 0xffff'ffffU})
      CHECK(std::fabs(static_cast<double>(through<S>(x, largest, dither) / x) - 1) <
            0.1252 + (range > 1e-5 ? 0.03 : 0));
    CHECK(std::fabs(mean<S>(x, largest) / static_cast<double>(x) - 1) < 1e-3);
  }
}

TEST_CASE("Zero is exact, and what may be divided by does not become zero", "[storage]") {
  CHECK(through<Signed8>(0.0F, 1.0F, 0xffff'ffffU) == 0);
  CHECK(through<Signed8>(-0.5F, 1.0F, 0) == -0.5F + 0x1p-15F);
  CHECK(through<Positive8>(0.0F, 0.0F, 0xffff'ffffU) == 0);
  CHECK(through<Positive8>(1e-20F, 1.0F, 0) == 0x1p-31F);
  CHECK(through<Positive8>(0.0F, 1.0F, 0xffff'ffffU) == 0x1p-31F);
  const float largest = std::numeric_limits<float>::max();
  CHECK(std::isfinite(through<Signed8>(largest, largest, 0)));
  CHECK(std::isfinite(through<Positive8>(largest, largest, 0)));
}

TEST_CASE("Numbers that are not finite do not spoil their block", "[storage]") {
  float x[64] = {1.0F, support::nan<float>(), -support::infinity<float>(), -2.0F};
  CHECK(Signed8::tame(x) == std::bit_cast<std::uint32_t>(2.0F));
  CHECK(x[0] == 1.0F);
  CHECK(std::fabs(x[1]) == 2.0F);
  CHECK(x[2] == -2.0F);
  CHECK(x[3] == -2.0F);
}
