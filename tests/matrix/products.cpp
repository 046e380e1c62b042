#include <gradus/exec/seq.hpp>
#include <gradus/matrix/products.hpp>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::OwnProducts, gradus::Rows;

namespace {

const auto backwards = [](std::size_t n, const auto& f) {
  for (std::size_t i = n; i-- > 0;) f(i);
};
static_assert(gradus::Products<OwnProducts, float, gradus::Seq>);
static_assert(gradus::Products<OwnProducts, double, decltype(backwards)>);

// The definition: one sum for each element, in the order of its terms.
template <class T>
std::vector<T> expected(std::size_t rows, std::size_t columns, std::size_t depth, T alpha, T beta,
                        const T* c, const auto& a, const auto& b) {
  std::vector<T> r(rows * columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      T sum = 0;
      for (std::size_t k = 0; k < depth; ++k) sum = std::fma(a(k, i), b(k, j), sum);
      volatile T scaled = alpha * sum;  // no contraction
      if (c != nullptr) {
        volatile T share = beta * c[i * columns + j];
        scaled = scaled + share;
      }
      r[i * columns + j] = scaled;
    }
  return r;
}

template <class T>
void check(std::size_t n, std::size_t m, const auto& run) {
  CAPTURE(n, m);
  const OwnProducts products;
  const std::vector<T> x = support::numbers<T>(n * m, 1);
  std::vector<T> scratch(OwnProducts::scratch<T>(n, m)), gram(m * m), sum(m * m), y(n * m);
  const auto at = [&](std::size_t k, std::size_t i) { return x[k * m + i]; };
  const T* const none = nullptr;
  products.gram(Rows<T>{x.data(), n, m}, T{1}, T{0}, none, gram.data(), scratch.data(), run);
  CHECK(support::same_bits(gram, expected<T>(m, m, n, 1, 0, nullptr, at, at)));

  const auto of_gram = [&](std::size_t k, std::size_t i) { return gram[k * m + i]; };
  products.gram(Rows<T>{gram.data(), m, m}, T{2.5}, T{-3}, gram.data(), sum.data(), scratch.data(),
                run);
  CHECK(support::same_bits(sum, expected<T>(m, m, m, T{2.5}, -3, gram.data(), of_gram, of_gram)));

  products.multiply(Rows<T>{x.data(), n, m}, gram.data(), T{0.75}, x.data(), y.data(),
                    scratch.data(), run);
  const auto transposed = [&](std::size_t k, std::size_t i) { return x[i * m + k]; };
  CHECK(support::same_bits(y, expected<T>(n, m, m, 1, T{0.75}, x.data(), transposed, of_gram)));
}

}  // namespace

TEMPLATE_TEST_CASE("A product is one sum in order for each element, on every path", "[matrix]",
                   float, double) {
  support::default_environment();
  for (const support::Isa isa : support::paths()) {
    const support::OnPath on(isa);
    CAPTURE(gradus::simd::name(isa));
    for (const auto& [n, m] : {std::pair<std::size_t, std::size_t>{1, 1}, {7, 1}, {3, 3}, {50, 13}})
      check<TestType>(n, m, gradus::seq);
  }
}

TEMPLATE_TEST_CASE("A product of several tiles is the same in any order", "[matrix]", float,
                   double) {
  support::default_environment();
  check<TestType>(280, 100, gradus::seq);
  check<TestType>(197, 195, backwards);
}
