#include <gradus/simd/dispatch.hpp>
#include <gradus/simd/pack.hpp>

#include <cmath>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/guarded.hpp"

namespace simd = gradus::simd;
using support::same_value;

namespace {

constexpr std::size_t operations = 20;

// Applies every operation of a pack to three streams. Result k of element i goes to out[k][i].
template <class T>
struct Every {
  const T *x, *y, *z;
  std::array<T*, operations> out;
  std::size_t n;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    for (std::size_t i = 0; i < n; i += V::size) {
      const V a = V::load(x + i), b = V::load(y + i), c = V::load(z + i);
      const T s = z[0];
      const V results[] = {a + b,     a - b,     a * b, a / b, sqrt(a), select_less(a, b, b, c),
                           min(a, b), max(a, b), a + s, s + a, a - s,   s - a,
                           a * s,     s * a,     a / s, s / a, V(s),    -a,
                           abs(a),    sign(a)};
      for (std::size_t k = 0; k < operations; ++k) results[k].store(out[k] + i);
    }
  }
};

// x with the other sign, for zeros and NaN as well.
template <class T>
T flipped(T x) {
  return gradus::math::from_bits<T>(gradus::math::to_bits(x) ^ gradus::math::sign_bit<T>);
}

// The same in plain C++, with one volatile number at a time, so that no flag has an effect.
template <class T>
std::array<T, operations> by_hand(T x, T y, T z, T first) {
  volatile T a = x, b = y, s = first;
  const bool ordered = !gradus::math::is_nan(x) && !gradus::math::is_nan(y);
  const bool less = ordered && a < b, greater = ordered && b < a;
  const T sum = a + b, difference = a - b, product = a * b, quotient = a / b;
  const T root =
      gradus::math::to_bits(x) > gradus::math::sign_bit<T> ? support::nan<T>() : std::sqrt(a);
  const T plus = a + s, minus = a - s, minus_from = s - a, times = a * s, by = a / s, under = s / a;
  return {sum,
          difference,
          product,
          quotient,
          root,
          less ? y : z,
          less ? x : y,
          greater ? x : y,
          plus,
          plus,
          minus,
          minus_from,
          times,
          times,
          by,
          under,
          first,
          flipped(x),
          (gradus::math::to_bits(x) & gradus::math::sign_bit<T>) != 0 ? flipped(x) : x,
          gradus::math::is_nan(x) ? T{0} : (a > 0 ? T{1} : (a < 0 ? T{-1} : T{0}))};
}

}  // namespace

TEMPLATE_TEST_CASE("Every operation of a pack is the scalar one in every lane", "[simd]", float,
                   double) {
  using T = TestType;
  support::default_environment();
  constexpr std::size_t n = 16 * 1024;
  support::Random random;
  std::vector<T> x(n), y(n), z(n);
  for (std::size_t i = 0; i < n; ++i) {
    const bool wild = i % 2 == 0;  // any bits, or else ordinary numbers of similar sizes
    x[i] = wild ? random.any<T>() : random.number<T>();
    y[i] = i % 16 == 1 ? x[i] : wild ? random.any<T>() : random.number<T>();
    z[i] = random.number<T>();
  }
  const T zeros[] = {T{0}, flipped(T{0})};
  for (std::size_t i = 0; i < 4; ++i) x[i] = zeros[i % 2], y[i] = zeros[i / 2];
  z[0] = T{3} / 7;
  for (const simd::Isa isa : support::paths()) {
    std::vector<std::vector<T>> out(operations, std::vector<T>(n));
    Every<T> every{x.data(), y.data(), z.data(), {}, n};
    for (std::size_t k = 0; k < operations; ++k) every.out[k] = out[k].data();
    simd::dispatch(isa, every);
    std::array<std::size_t, operations> wrong{};
    for (std::size_t i = 0; i < n; ++i) {
      const std::array<T, operations> expected = by_hand(x[i], y[i], z[i], z[0]);
      for (std::size_t k = 0; k < operations; ++k) wrong[k] += !same_value(out[k][i], expected[k]);
    }
    CAPTURE(simd::name(isa));
    CHECK(wrong == std::array<std::size_t, operations>{});
  }
}

namespace {

template <class T>
struct Size {
  std::size_t& size;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    size = simd::pack<I, T>::size;
  }
};

// Copies the first `count` elements of type S through a pack of T.
template <class T, class S>
struct CopyPart {
  const S* from;
  S* to;
  std::size_t count;
  T* lanes;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    const V v = V::load_part(from, count);
    v.store(lanes);
    v.store_part(to, count);
  }
};

template <class T, class S>
void copies_parts() {
  for (const simd::Isa isa : support::paths()) {
    std::size_t size = 0;
    simd::dispatch(isa, Size<T>{size});
    REQUIRE((size >= 1 && size <= 16));
    for (const support::Side side : {support::Side::begins_after, support::Side::ends_before})
      for (std::size_t count = 0; count < size; ++count) {
        support::Guarded<S> from(count, side), to(count, side);
        const std::vector<S> x = support::numbers<S>(count, count + 1);
        from.fill(x);
        std::vector<T> lanes(size, T{1});
        simd::dispatch(isa, CopyPart<T, S>{from.data(), to.data(), count, lanes.data()});
        bool same = true, padded = true;
        for (std::size_t i = 0; i < count; ++i)
          same = same && to.data()[i] == x[i] && lanes[i] == static_cast<T>(x[i]);
        for (std::size_t i = count; i < size; ++i)
          padded = padded && support::to_bits(lanes[i]) == 0;
        CAPTURE(simd::name(isa), count);
        CHECK(same);
        CHECK(padded);
      }
  }
}

}  // namespace

TEST_CASE("Parts of a pack touch their elements alone, and pad with zero", "[simd]") {
  copies_parts<float, float>();
  copies_parts<double, double>();
  copies_parts<float, double>();
  copies_parts<double, float>();
}
