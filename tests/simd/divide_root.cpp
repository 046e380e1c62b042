// divide_root of a pack and its divisor, on every path.
#include <gradus/simd/dispatch.hpp>

#include <bit>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace {

using gradus::simd::Divisor;

template <class T>
struct DivideRoot {
  const std::vector<T>& a;
  std::vector<T>& q;
  Divisor<T> b;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = gradus::simd::pack<I, T>;
    for (std::size_t i = 0; i + V::size <= a.size(); i += V::size)
      divide_root(V::load(a.data() + i), b).store(q.data() + i);
  }
};

// Numbers of the sizes that square roots have, and numbers whose quotients by b are nearly half-way
// between two numbers.
template <class T>
std::vector<T> dividends(support::Random& random, T b) {
  using Bits = gradus::math::bits_t<T>;
  constexpr int mantissa = sizeof(T) == 4 ? 23 : 52, bias = sizeof(T) == 4 ? 127 : 1023;
  constexpr int low = sizeof(T) == 4 ? -75 : -537, range = sizeof(T) == 4 ? 139 : 1049;
  std::vector<T> a{T{0}, gradus::math::positive_infinity<T>(), gradus::math::quiet_nan<T>()};
  while (a.size() < 4096) {
    const auto exponent = static_cast<Bits>(bias + low + static_cast<int>(random.below(range)));
    const auto fraction = static_cast<Bits>(random.next() >> (64 - mantissa));
    a.push_back(std::bit_cast<T>(static_cast<Bits>((exponent << mantissa) | fraction)));
    const T near =
        std::bit_cast<T>(static_cast<Bits>((static_cast<Bits>(bias) << mantissa) | fraction));
    a.push_back(near * b);
  }
  return a;
}

}  // namespace

TEMPLATE_TEST_CASE("divide_root has the bits of a division, on every path", "[simd]", float,
                   double) {
  support::Random random;
  for (int k = 0; k < 300; ++k) {
    const double b = k == 0   ? 1.0
                     : k == 1 ? 1.0 - 0x1p-24
                              : static_cast<double>(random.next() >> 11) * 0x1p-53 + 0x1p-27;
    const Divisor<TestType> divisor(b > 1 ? 1.0 : b);
    const std::vector<TestType> a = dividends(random, divisor.value);
    std::vector<TestType> expected(a.size()), got(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      const gradus::simd::pack<gradus::simd::scalar, TestType> x(a[i]), y(divisor.value);
      expected[i] = (x / y).v;
    }
    for (const gradus::simd::Isa isa : support::paths()) {
      gradus::simd::dispatch(isa, DivideRoot<TestType>{a, got, divisor});
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < a.size() / 16 * 16; ++i) {
        const bool both_nan = gradus::math::is_nan(got[i]) && gradus::math::is_nan(expected[i]);
        const auto bits = [](const TestType& x) { return gradus::math::to_bits(x); };
        if (!both_nan && bits(got[i]) != bits(expected[i])) ++wrong;
      }
      CAPTURE(gradus::simd::name(isa), divisor.value);
      CHECK(wrong == 0);
    }
  }
}
