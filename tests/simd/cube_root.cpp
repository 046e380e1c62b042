#include <gradus/simd/cube_root.hpp>
#include <gradus/simd/dispatch.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace {

template <class T>
struct CubeRoots {
  const std::vector<T>& x;
  std::vector<T>& y;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = gradus::simd::pack<I, T>;
    for (std::size_t i = 0; i < x.size(); i += V::size)
      gradus::simd::cube_root(V::load(x.data() + i)).store(y.data() + i);
  }
};

template <class T>
std::vector<T> cube_roots(const std::vector<T>& x) {
  std::vector<T> y(x.size());
  gradus::simd::dispatch(gradus::simd::current(), CubeRoots<T>{x, y});
  return y;
}

// 0, the limits of T, and eight numbers between each power of two and the next.
template <class T>
std::vector<T> all_sizes() {
  using limits = std::numeric_limits<T>;
  std::vector<T> r{T{0}, limits::denorm_min(), limits::max(), limits::min()};
  support::Random random;
  for (int e = limits::min_exponent - limits::digits; e < limits::max_exponent; ++e)
    for (int k = 0; k < 8; ++k)
      r.push_back(
          static_cast<T>(std::ldexp(1 + static_cast<double>(random.below(1 << 24)) * 0x1p-24, e)));
  while (r.size() % 16 != 0) r.push_back(T{1});
  return r;
}

}  // namespace

TEMPLATE_TEST_CASE("A cube root is within two units in the last place", "[simd]", float, double) {
  using T = TestType;
  support::default_environment();
  const std::vector<T> x = all_sizes<T>();
  double worst = 0;
  const std::vector<T> y = cube_roots(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double exact = std::cbrt(static_cast<long double>(x[i]));
    const long double unit = std::ldexp(
        1.0L, std::ilogb(exact == 0 ? 1.0L : exact) - std::numeric_limits<T>::digits + 1);
    worst = std::max(worst,
                     static_cast<double>(std::fabs(static_cast<long double>(y[i]) - exact) / unit));
  }
  CHECK(worst <= 2);
  CHECK(support::to_bits(y[0]) == support::to_bits(T{0}));
}

TEMPLATE_TEST_CASE("Cube roots are the same bits on every path", "[simd]", float, double) {
  using T = TestType;
  support::default_environment();
  const std::vector<T> x = all_sizes<T>(), expected = cube_roots(x);
  for (const support::Isa isa : support::paths()) {
    const support::OnPath on(isa);
    CHECK(support::same_bits(cube_roots(x), expected));
  }
}

TEMPLATE_TEST_CASE("The cube root of NaN is NaN", "[simd]", float, double) {
  using T = TestType;
  const std::vector<T> y = cube_roots(std::vector<T>(16, support::nan<T>()));
  CHECK(gradus::math::is_nan(y[0]));
}
