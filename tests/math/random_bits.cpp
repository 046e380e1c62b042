#include <gradus/math/random_bits.hpp>
#include <gradus/simd/dispatch.hpp>
#include <gradus/simd/pack.hpp>

#include <array>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::bfloat16;
using gradus::RandomKey;
namespace simd = gradus::simd;

namespace {

std::uint32_t draw(const RandomKey& key, std::uint64_t counter) {
  return gradus::detail::random_bits(counter, key);
}

struct Store {
  const float* x;
  bfloat16* to;
  std::size_t n;
  std::uint64_t counter;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, float>;
    for (std::size_t i = 0; i < n; i += V::size)
      V::load(x + i).store_randomly(to + i, RandomKey(1, 2, 3), counter + i);
  }
};

}  // namespace

TEST_CASE("Draws are uniform, also those of neighbouring counters, keys and steps", "[storage]") {
  const auto uniform = [](const auto& draw_of) {
    constexpr std::size_t n = 1 << 18;
    std::array<double, 256> high{}, low{}, change{};
    std::uint32_t last = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::uint32_t x = draw_of(i);
      ++high[x >> 24], ++low[x & 255U], ++change[(x ^ last) >> 24];
      last = x;
    }
    for (const auto& counts : {high, low, change}) {
      double chi2 = 0;  // with 255 degrees of freedom: 255 +- 22.6
      for (const double count : counts) chi2 += (count - n / 256.0) * (count - n / 256.0) * 256 / n;
      CHECK((chi2 > 255 - 6 * 22.6 && chi2 < 255 + 6 * 22.6));
    }
  };
  uniform([key = RandomKey(0, 0, 0)](std::uint64_t i) { return draw(key, i); });
  uniform([key = RandomKey(5, 9, 1)](std::uint64_t i) { return draw(key, i * 65536); });
  uniform([key = RandomKey(5, 9, 1)](std::uint64_t i) { return draw(key, i << 32); });
  uniform([](std::uint64_t i) { return draw(RandomKey(0, i, 0), 12345); });
  uniform([](std::uint64_t i) { return draw(RandomKey(i, 7, 2), 0); });
}

TEST_CASE("Lanes draw as single numbers do, also where the counter's lower half wraps round",
          "[storage]") {
  const std::vector<float> x = support::numbers<float>(64, 5);
  for (const std::uint64_t counter : {0ULL, 5ULL, 0xfffffff0ULL, 0xfffffff9ULL, 0x1fffffff1ULL}) {
    std::vector<bfloat16> expected(64);
    simd::dispatch(support::Isa::scalar, Store{x.data(), expected.data(), 64, counter});
    for (std::size_t i = 0; i < 64; ++i) {
      std::uint32_t word = gradus::math::to_bits(x[i]);
      bfloat16::narrow_randomly(word, draw(RandomKey(1, 2, 3), counter + i));
      CHECK(expected[i].bits == word);
    }
    for (const simd::Isa isa : support::paths()) {
      std::vector<bfloat16> got(64);
      simd::dispatch(isa, Store{x.data(), got.data(), 64, counter});
      CAPTURE(counter, simd::name(isa));
      CHECK(got == expected);
    }
  }
}
