#include <gradus/simd/dispatch.hpp>
#include <gradus/simd/lanes.hpp>

#include <type_traits>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/guarded.hpp"

namespace simd = gradus::simd;

namespace {

// Expressions whose results change if a compiler fuses, regroups or simplifies operations.
template <class T>
struct Traps {
  const T *x, *y, *z;
  T* out;  // 6 results, each of n elements
  std::size_t n;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    for (std::size_t i = 0; i < n; i += V::size) {
      const V a = V::load(x + i), b = V::load(y + i), c = V::load(z + i);
      const V results[] = {a * b - c,   c - a * b,   (a + b) + c,
                           a + (b + c), (a + b) - a, a / b + c / b};
      for (std::size_t k = 0; k < 6; ++k) results[k].store(out + k * n + i);
    }
  }
};

template <class T>
T once(T x) {  // rounds once, whatever the flags are
  volatile T r = x;
  return r;
}

}  // namespace

TEMPLATE_TEST_CASE("Lanes round once for each operation, in the order written", "[simd]", float,
                   double) {
  using T = TestType;
  constexpr std::size_t n = 4096;
  std::vector<T> x = support::numbers<T>(n, 1), y = support::numbers<T>(n, 2), z(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (y[i] == 0) y[i] = 1;
    z[i] = i % 2 == 0 ? once(x[i] * y[i])
                      : x[i] / 3;  // half of the products cancel except for their rounding
  }
  for (const simd::Isa isa : support::paths()) {
    std::vector<T> out(6 * n);
    simd::dispatch(isa, Traps<T>{x.data(), y.data(), z.data(), out.data(), n});
    std::array<std::size_t, 6> wrong{};
    for (std::size_t i = 0; i < n; ++i) {
      const T ab = once(x[i] * y[i]), a_b = once(x[i] + y[i]), b_c = once(y[i] + z[i]);
      const T expected[] = {once(ab - z[i]),  once(z[i] - ab),
                            once(a_b + z[i]), once(x[i] + b_c),
                            once(a_b - x[i]), once(once(x[i] / y[i]) + once(z[i] / y[i]))};
      for (std::size_t k = 0; k < 6; ++k)
        wrong[k] += support::to_bits(out[k * n + i]) != support::to_bits(expected[k]);
    }
    CAPTURE(simd::name(isa));
    CHECK(wrong == std::array<std::size_t, 6>{});
  }
}

namespace {

template <class T, class S>
struct Convert {
  const S* from;
  S* to;
  T* wide;
  std::size_t n;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    for (std::size_t i = 0; i < n; i += V::size) {
      const V v = V::load(from + i);
      v.store(wide + i);
      v.store(to + i);
    }
  }
};

}  // namespace

TEMPLATE_TEST_CASE("Lanes load and store the other type, rounded once", "[simd]", float, double) {
  using T = TestType;
  using S = std::conditional_t<sizeof(T) == 4, double, float>;
  support::default_environment();
  constexpr std::size_t n = 4096;
  support::Random random;
  std::vector<S> from(n + 1), to(n + 1);
  for (S& x : from) x = random.any<S>();
  for (const simd::Isa isa : support::paths())
    for (const std::size_t offset : {0U, 1U}) {
      std::vector<T> wide(n);
      simd::dispatch(isa, Convert<T, S>{from.data() + offset, to.data() + offset, wide.data(), n});
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < n; ++i) {
        volatile S x = from[i + offset];
        const T there = static_cast<T>(x);
        volatile T y = there;
        const S back = static_cast<S>(y);
        wrong += !support::same_value(wide[i], there) || !support::same_value(to[i + offset], back);
      }
      CAPTURE(simd::name(isa), offset);
      CHECK(wrong == 0);
    }
}

static_assert(simd::scalar::lanes<float> == 1 && simd::scalar::lanes<double> == 1);
#if defined(GRADUS_X86_64)
static_assert(simd::sse2::lanes<float> == 4 && simd::sse2::lanes<double> == 2);
static_assert(simd::avx2::lanes<float> == 8 && simd::avx2::lanes<double> == 4);
static_assert(simd::avx512::lanes<float> == 16 && simd::avx512::lanes<double> == 8);
#elif defined(GRADUS_AARCH64)
static_assert(simd::neon::lanes<float> == 4 && simd::neon::lanes<double> == 2);
#endif
