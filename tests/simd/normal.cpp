#include <gradus/simd/dispatch.hpp>
#include <gradus/simd/normal.hpp>

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace {

gradus::simd::NormalKeys keys(std::uint64_t seed) {
  gradus::simd::NormalKeys r;
  for (std::size_t j = 0; j < r.size(); ++j) r[j] = gradus::RandomKey(seed, 7, j);
  return r;
}

template <class T>
struct Normals {
  std::uint64_t first;
  std::vector<T>& x;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = gradus::simd::pack<I, T>;
    for (std::size_t i = 0; i < x.size(); i += V::size) {
      V r;
      gradus::simd::draw_normal(r, keys(1), first + i);
      r.store(x.data() + i);
    }
  }
};

template <class T>
std::vector<T> normals(std::size_t n, std::uint64_t first = 0) {
  support::default_environment();
  std::vector<T> x(n);
  gradus::simd::dispatch(gradus::simd::current(), Normals<T>{first, x});
  return x;
}

double below(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

TEMPLATE_TEST_CASE("Normal numbers have the moments and the distribution", "[simd]", float,
                   double) {
  constexpr std::size_t n = 1 << 18;
  std::vector<TestType> x = normals<TestType>(n);
  double sums[5] = {}, neighbours = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double y = static_cast<double>(x[i]);
    for (int k = 1; k <= 4; ++k) sums[k] += std::pow(y, k) / n;
    neighbours += y * static_cast<double>(x[(i + 1) % n]) / n;
  }
  const double error = 1 / std::sqrt(static_cast<double>(n));
  CHECK(std::fabs(sums[1]) < 4 * error);
  CHECK(std::fabs(sums[2] - 1) < 4 * std::sqrt(2.0) * error);
  CHECK(std::fabs(sums[3]) < 4 * std::sqrt(15.0) * error);
  CHECK(std::fabs(sums[4] - 3) < 4 * std::sqrt(96.0) * error);
  CHECK(std::fabs(neighbours) < 4 * error);

  std::sort(x.begin(), x.end());
  double farthest = 0;
  for (std::size_t i = 0; i < n; ++i)
    farthest = std::max(
        farthest, std::fabs((static_cast<double>(i) + 0.5) / n - below(static_cast<double>(x[i]))));
  CHECK(farthest < 1.63 * error);  // the bound of Kolmogorov's test at 1 %
}

TEMPLATE_TEST_CASE("Normal numbers are the same bits on every path, from any draw on", "[simd]",
                   float, double) {
  using T = TestType;
  for (const std::uint64_t first : {std::uint64_t{0}, (std::uint64_t{1} << 32) - 40}) {
    const std::vector<T> expected = normals<T>(96, first);
    for (const support::Isa isa : support::paths()) {
      const support::OnPath on(isa);
      CHECK(support::same_bits(normals<T>(96, first), expected));
      const std::vector<T> later = normals<T>(80, first + 5);
      CHECK(std::equal(later.begin(), later.end(), expected.begin() + 5));
    }
  }
}

TEST_CASE("Normal numbers in float are those in double", "[simd]") {
  const std::vector<float> a = normals<float>(1 << 12);
  const std::vector<double> b = normals<double>(1 << 12);
  for (std::size_t i = 0; i < a.size(); ++i)
    CHECK(std::fabs(static_cast<double>(a[i]) - b[i]) <= 1e-6 * (1 + std::fabs(b[i])));
}
