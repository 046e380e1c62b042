#include <gradus/exec/norm.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Product;

namespace {

// The sums of squares of some numbers, of each by itself.
template <class T, std::size_t N>
struct Squares {
  static constexpr std::size_t count = N;
  std::array<T, N> x;
  template <class V>
  constexpr std::array<Product<V>, N> operator()(const V&, const V&,
                                                 const std::array<V, 0>&) const {
    std::array<Product<V>, N> r{};
    for (std::size_t m = 0; m < N; ++m) r[m] = {V(x[m]), V(x[m])};
    return r;
  }
};
// A measure over one element; counts how often it is asked.
template <class T>
struct Once {
  int& passes;
  template <class K>
  std::array<double, K::count> operator()(const K& terms) const {
    using V = gradus::simd::pack<gradus::simd::scalar, T>;
    ++passes;
    const auto products = terms(V(T{0}), V(T{0}), std::array<V, 0>{});
    std::array<double, K::count> r{};
    for (std::size_t m = 0; m < K::count; ++m)
      r[m] = static_cast<double>(products[m].a.v) * static_cast<double>(products[m].b.v);
    return r;
  }
};

template <class T, std::size_t N>
std::array<double, N> norms(const std::array<T, N>& x, int expected_passes) {
  int passes = 0;
  const std::array<double, N> r = gradus::detail::norms<T>(Once<T>{passes}, Squares<T, N>{x});
  CHECK(passes == expected_passes);
  return r;
}

}  // namespace

TEST_CASE("norms are the roots of the sums", "[norm]") {
  CHECK(norms(std::array{3.0F, 0.0F, 0x1p100F}, 1) == std::array{3.0, 0.0, 0x1p100});
  CHECK(norms(std::array{3.0, 0x1p-300}, 1) == std::array{3.0, 0x1p-300});
}

TEST_CASE("norms whose squares overflow are measured again, and only they", "[norm]") {
  CHECK(norms(std::array{0x1p1000, 3.0, 0x1p-300}, 2) == std::array{0x1p1000, 3.0, 0x1p-300});
  const double largest = std::numeric_limits<double>::max();
  CHECK(norms(std::array{largest}, 2)[0] == Approx(largest));
}

TEST_CASE("norms whose squares underflow are measured again, and only they", "[norm]") {
  CHECK(norms(std::array{0x1p-700, 3.0}, 2) == std::array{0x1p-700, 3.0});
  CHECK(norms(std::array{0x1p-700, 3.0, 0x1p700}, 3) == std::array{0x1p-700, 3.0, 0x1p700});
  CHECK(norms(std::array{0.0, 0x1.5p-1074}, 2) == std::array{0.0, 0x1p-1074});
}

TEST_CASE("norms that are not finite are reported as zero", "[norm]") {
  CHECK(norms(std::array{support::nan<double>(), 2.0, support::infinity<double>()}, 2) ==
        std::array{0.0, 2.0, 0.0});
  CHECK(norms(std::array{support::nan<float>(), 2.0F}, 1) == std::array{0.0, 2.0});
}
