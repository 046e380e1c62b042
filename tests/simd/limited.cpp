#include <gradus/simd/dispatch.hpp>
#include <gradus/simd/limited.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace {
template <class T>
using Pack = gradus::simd::pack<gradus::simd::scalar, T>;

template <class T>
struct Limit {
  const std::vector<T>& x;
  std::vector<T>&y, &z;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = gradus::simd::pack<I, T>;
    for (std::size_t i = 0; i < x.size(); i += V::size) {
      limited(V::load(x.data() + i)).store(y.data() + i);
      squarable(V::load(x.data() + i)).store(z.data() + i);
    }
  }
};

}  // namespace

TEMPLATE_TEST_CASE("limited and squarable change nothing that is small enough", "[simd]", float,
                   double) {
  using T = TestType;
  using limits = std::numeric_limits<T>;
  const T largest = static_cast<T>(gradus::simd::most_squarable<T>);
  for (const T& x : {T{0}, -T{0}, T{1}, -T{1}, limits::denorm_min(), -largest, largest}) {
    CHECK(support::to_bits(limited(Pack<T>(x)).v) == support::to_bits(x));
    CHECK(support::to_bits(squarable(Pack<T>(x)).v) == support::to_bits(x));
  }
  CHECK(limited(Pack<T>(limits::max())).v == limits::max());
  CHECK(limited(Pack<T>(support::infinity<T>())).v == limits::max());
  CHECK(limited(Pack<T>(-support::infinity<T>())).v == -limits::max());
  CHECK(squarable(Pack<T>(limits::max())).v == largest);
  CHECK(squarable(Pack<T>(-support::infinity<T>())).v == -largest);
  CHECK(gradus::math::is_finite(T{255} * (largest * largest)));
  CHECK(gradus::math::is_nan(limited(Pack<T>(support::nan<T>())).v));
  CHECK(gradus::math::is_nan(squarable(Pack<T>(support::nan<T>())).v));
}

TEMPLATE_TEST_CASE("limited and squarable have the same bits on every path", "[simd]", float,
                   double) {
  using T = TestType;
  constexpr std::size_t n = 1 << 14;
  support::Random random;
  std::vector<T> x(n), y(n), z(n), limits(n), squares(n);
  for (T& number : x) number = random.any<T>();
  std::size_t i = 0;
  for (const auto sign : {gradus::math::bits_t<T>{0}, gradus::math::sign_bit<T>})
    for (gradus::math::bits_t<T> k = 0; k < 32; ++k)  // around infinity, with signalling NaN
      x[i++] = gradus::math::from_bits<T>(sign | (gradus::math::infinity_bits<T> - 16 + k));
  gradus::simd::dispatch(support::Isa::scalar, Limit<T>{x, limits, squares});
  for (const support::Isa isa : support::paths()) {
    gradus::simd::dispatch(isa, Limit<T>{x, y, z});
    CAPTURE(gradus::simd::name(isa));
    CHECK(support::same_bits(y, limits));
    CHECK(support::same_bits(z, squares));
  }
}
