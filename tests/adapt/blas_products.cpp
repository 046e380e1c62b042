#include <gradus/adapt/blas_products.hpp>
#include <gradus/matrix/newton_schulz.hpp>
#include <gradus/memory/spans.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/matrix/muon.hpp>
#include <gradus/rule/matrix/through.hpp>
#include <gradus/schedule/constant.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::BlasProducts, gradus::matrix, gradus::Muon, gradus::NewtonSchulz, gradus::Optimizer,
    gradus::through;
using support::numbers, support::same_bits;

static_assert(gradus::Products<BlasProducts, float, gradus::Seq>);

namespace {

template <class T>
double distance(const std::vector<T>& a, const std::vector<T>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(a[i] - b[i])));
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("A BLAS multiplies as the own products", "[adapt]", float, double) {
  using T = TestType;
  for (const auto& list : {NewtonSchulz::keller_jordan(), NewtonSchulz::cubic(3)})
    for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{9, 5}, {31, 70}}) {
      std::vector<T> own = numbers<T>(rows * columns, 1), blas = own, again = own;
      gradus::orthogonalize(matrix(own, rows, columns), list);
      gradus::orthogonalize(matrix(blas, rows, columns), list, gradus::seq, BlasProducts{});
      gradus::orthogonalize(matrix(again, rows, columns), list, gradus::seq, BlasProducts{});
      CHECK(distance(own, blas) < (sizeof(T) == 4 ? 2e-5 : 1e-13));
      CHECK(same_bits(blas, again));
    }
}

TEST_CASE("Muon steps through a BLAS", "[adapt][rule]") {
  std::vector<float> own = numbers<float>(60, 1), blas = own;
  const std::vector<float> g = numbers<float>(60, 2);
  Optimizer one{gradus::Constant<>{0.05}, Muon{}, matrix(own, 6, 10)};
  Optimizer other{gradus::Constant<>{0.05}, through<BlasProducts>(Muon{}), matrix(blas, 6, 10)};
  for (int t = 0; t < 3; ++t) {
    one.step(own, g);
    other.step(blas, g);
  }
  CHECK(distance(own, blas) < 1e-5);
}
