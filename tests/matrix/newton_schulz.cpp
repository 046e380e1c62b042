#include <gradus/matrix/newton_schulz.hpp>
#include <gradus/memory/spans.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/error_of.hpp"

using gradus::matrix, gradus::NewtonSchulz, gradus::orthogonalize;

namespace {

template <class T>
constexpr double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-13;

const NewtonSchulz kj = NewtonSchulz::keller_jordan(), polar = NewtonSchulz::polar_express(),
                   quintic = NewtonSchulz::quintic();

template <class T>
std::vector<T> transposed(const std::vector<T>& x, std::size_t rows, std::size_t columns) {
  std::vector<T> r(x.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) r[j * rows + i] = x[i * columns + j];
  return r;
}
// Two vectors of length 1.
double unit(std::size_t i, std::size_t n, double phase) {
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) sum += std::pow(std::sin(1.0 + phase * double(k)), 2);
  return std::sin(1.0 + phase * double(i)) / std::sqrt(sum);
}
// The reflection that maps the unit vector of a phase to its negative: an orthogonal matrix.
double reflection(std::size_t i, std::size_t j, std::size_t n, double phase) {
  return (i == j ? 1.0 : 0.0) - 2 * unit(i, n, phase) * unit(j, n, phase);
}
// A matrix of 1 and -1 with orthogonal rows; n is a power of two.
int hadamard(std::size_t i, std::size_t j) {
  int sign = 1;
  for (std::size_t both = i & j; both != 0; both &= both - 1) sign = -sign;
  return sign;
}

}  // namespace

TEST_CASE("The polynomials map singular values as computed with 50 digits", "[matrix]") {
  // Computed with mpmath; f(1) and f(1 / sqrt(r)).
  const auto near = [](double x, double y) { CHECK(x == Approx(y).epsilon(2e-6)); };
  near(kj(1), .696436);
  near(polar(1), .859129);
  near(quintic(1), .978346);
  near(NewtonSchulz::keller_jordan(6)(1), 1.118768);
  const std::array<std::array<double, 4>, 6> at{{{2, 1.108111, 1.061451, 1.025612},
                                                 {4, .765439, .910611, .985869},
                                                 {16, .714526, 1.052884, .987218},
                                                 {64, .688140, 1.067361, .984272},
                                                 {256, 1.070524, 1.040168, 1.031742},
                                                 {1024, 1.132924, .940477, .997552}}};
  for (const auto& [r, a, b, c] : at) {
    const double x = 1 / std::sqrt(r);
    near(kj(x), a), near(polar(x), b), near(quintic(x), c);
  }
  CHECK(NewtonSchulz::cubic(10)(0.9) == Approx(1).epsilon(1e-12));
}

TEMPLATE_TEST_CASE("Orthogonal, diagonal and rank-one matrices have closed forms", "[matrix]",
                   float, double) {
  using T = TestType;
  for (const NewtonSchulz& list : {kj, polar, quintic}) {
    for (const std::size_t n : {2U, 4U, 16U, 64U}) {
      std::vector<T> x(n * n);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = T(3 * hadamard(i / n, i % n));
      orthogonalize(matrix(x, n, n), list);
      const double root = 1 / std::sqrt(double(n)), f = list(root);
      double worst = 0;
      for (std::size_t i = 0; i < x.size(); ++i)
        worst = std::max(worst, std::abs(double(x[i]) - f * root * hadamard(i / n, i % n)));
      CHECK(worst < tolerance<T>);
    }
    std::vector<T> d{5, 0, 0, 0, 0, -3, 0, 0, 0, 0, 0.25, 0};
    orthogonalize(matrix(d, 3, 4), list);
    const double norm = std::sqrt(25 + 9 + 0.0625);
    for (std::size_t i = 0; i < d.size(); ++i) {
      const double s = i == 0 ? 5 : i == 5 ? -3 : i == 10 ? 0.25 : 0;
      CHECK(std::abs(double(d[i]) - (s < 0 ? -list(-s / norm) : list(s / norm))) < tolerance<T>);
    }
    std::vector<T> one(6 * 9);
    for (std::size_t i = 0; i < one.size(); ++i)
      one[i] = T(-7 * unit(i / 9, 6, 1.3) * unit(i % 9, 9, 0.7));
    orthogonalize(matrix(one, 6, 9), list);
    for (std::size_t i = 0; i < one.size(); ++i)
      CHECK(std::abs(double(one[i]) + list(1) * unit(i / 9, 6, 1.3) * unit(i % 9, 9, 0.7)) <
            tolerance<T>);
  }
}

TEMPLATE_TEST_CASE("A matrix of known singular vectors keeps them", "[matrix]", float, double) {
  using T = TestType;
  constexpr std::size_t n = 20, m = 12;
  std::array<double, m> s{};
  double norm = 0;
  for (std::size_t k = 0; k < m; ++k) s[k] = 4.0 / double(1 + k), norm += s[k] * s[k];
  norm = std::sqrt(norm);
  const auto product = [&](std::size_t i, std::size_t j, const auto& value) {
    double r = 0;
    for (std::size_t k = 0; k < m; ++k)
      r += reflection(i, k, n, 0.9) * value(s[k]) * reflection(k, j, m, 1.7);
    return r;
  };
  for (const NewtonSchulz& list : {kj, quintic, NewtonSchulz::cubic(9)}) {
    std::vector<T> x(n * m);
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = T(product(i / m, i % m, [](double v) { return v; }));
    orthogonalize(matrix(x, n, m), list);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      worst = std::max(
          worst,
          std::abs(double(x[i]) - product(i / m, i % m, [&](double v) { return list(v / norm); })));
    CHECK(worst < tolerance<T>);
  }
}

TEMPLATE_TEST_CASE("What changes no singular vector changes no bit", "[matrix]", float, double) {
  using T = TestType;
  support::default_environment();
  constexpr std::size_t n = 23, m = 37;
  const std::vector<T> g = support::numbers<T>(n * m, 5);
  std::vector<T> o = g, turned = transposed(g, n, m);
  orthogonalize(matrix(o, n, m));
  orthogonalize(matrix(turned, m, n));
  CHECK(support::same_bits(turned, transposed(o, n, m)));

  for (const double power : {0x1p-20, 0x1p-3, 0x1p30, sizeof(T) == 4 ? 0x1p100 : 0x1p900}) {
    std::vector<T> scaled = g;
    for (T& x : scaled) x = static_cast<T>(double(x) * power);
    orthogonalize(matrix(scaled, n, m));
    CHECK(support::same_bits(scaled, o));
  }
  for (const support::Isa isa : support::paths()) {
    const support::OnPath on(isa);
    std::vector<T> x = g;
    orthogonalize(matrix(x, n, m));
    CHECK(support::same_bits(x, o));
  }
  std::vector<T> backwards = g, two = g;
  orthogonalize(matrix(backwards, n, m), kj, [](std::size_t count, const auto& f) {
    for (std::size_t i = count; i-- > 0;) f(i);
  });
  CHECK(support::same_bits(backwards, o));

  two.insert(two.end(), g.begin(), g.end());  // a batch: each by itself
  for (std::size_t i = 0; i < g.size(); ++i) two[i] *= 4;
  orthogonalize(gradus::matrices(two, 2, n, m));
  CHECK(support::same_bits(std::vector<T>(two.begin(), two.begin() + n * m), o));
  CHECK(support::same_bits(std::vector<T>(two.begin() + n * m, two.end()), o));
}

TEMPLATE_TEST_CASE("Zeros stay, tiny matrices are held, and what is not finite is NaN", "[matrix]",
                   float, double) {
  using T = TestType;
  std::vector<T> x(12);
  orthogonalize(matrix(x, 3, 4));
  CHECK(x == std::vector<T>(12));
  x[0] = T(1e-12);  // its norm counts as 1e-7
  orthogonalize(matrix(x, 3, 4));
  CHECK(x[0] == Approx(kj(1e-5)).epsilon(1e-4));
  x.assign(12, 1);
  x[5] = support::infinity<T>();
  orthogonalize(matrix(x, 3, 4));
  CHECK(gradus::math::is_nan(x[0]));
  x.assign(12, std::numeric_limits<T>::max());  // whose norm overflows
  orthogonalize(matrix(x, 3, 4));
  for (const T& y : x) CHECK(y == Approx(kj(1) / std::sqrt(12.0)).epsilon(1e-4));
}

TEST_CASE("Polynomials that do not hold a matrix are refused", "[matrix]") {
  std::vector<float> x(4, 1);
  const auto words = [&](const NewtonSchulz& list) {
    return support::error_of([&] { orthogonalize(matrix(x, 2, 2), list); });
  };
  CHECK(words(NewtonSchulz{}) ==
        "gradus::orthogonalize.coefficients must be 1 to 10 polynomials (got 0)");
  CHECK(words(NewtonSchulz::keller_jordan(11)) ==
        "gradus::orthogonalize.coefficients must be 1 to 10 polynomials (got 11)");
  CHECK(words({{3, 0, 0}, {3, 0, 0}, {3, 0, 0}, {3, 0, 0}, {3, 0, 0}, {3, 0, 0}, {3, 0, 0}}) ==
        "gradus::orthogonalize.coefficients must keep singular values in [0, 1] below 1000 (got "
        "1008.07031)");
  CHECK(words({{1e20, 0, 0}, {1e-20, 0, 0}})
            .starts_with("gradus::orthogonalize.coefficients must keep singular values in [0, 1] "
                         "below 1000 (got "));
  CHECK(words({{1e-20, 0, 0}, {1, 0, 1e39}}) ==
        "gradus::orthogonalize.coefficients must be representable in the parameters' type (got "
        "1e+39)");
  CHECK(words({{NAN, 0, 0}}) ==
        "gradus::orthogonalize.coefficients must keep singular values in [0, 1] below 1000 (got "
        "nan)");
  CHECK(x == std::vector<float>(4, 1));
  CHECK(support::error_of([&] { orthogonalize(gradus::Shaped<float>(x, {})); }) ==
        "gradus::orthogonalize.rows must be > 0 (got 0)");
}

namespace {

// A = U diag(s) V^T by one-sided Jacobi rotations (Hestenes, 1958) of a matrix with no more columns
// than rows.
struct SingularValues {
  std::size_t n, m;
  std::vector<double> u, s, v;  // n x m, m, m x m

  SingularValues(std::vector<double> a, std::size_t rows, std::size_t columns)
      : n(rows), m(columns), u(std::move(a)), s(m), v(m * m) {
    for (std::size_t j = 0; j < m; ++j) v[j * m + j] = 1;
    for (int sweeps = 0; sweeps < 30; ++sweeps)
      for (std::size_t p = 0; p < m; ++p)
        for (std::size_t q = p + 1; q < m; ++q) rotate(p, q);
    for (std::size_t j = 0; j < m; ++j) {
      s[j] = std::sqrt(product(u, n, j, j));
      for (std::size_t i = 0; i < n; ++i) u[i * m + j] /= s[j];
    }
  }
  /// The product of columns p and q of x.
  double product(const std::vector<double>& x, std::size_t x_rows, std::size_t p,
                 std::size_t q) const {
    double sum = 0;
    for (std::size_t i = 0; i < x_rows; ++i) sum += x[i * m + p] * x[i * m + q];
    return sum;
  }
  /// Element (i, k) of U diag(f) V^T.
  double element(std::size_t i, std::size_t k, const std::vector<double>& f) const {
    double sum = 0;
    for (std::size_t j = 0; j < m; ++j) sum += u[i * m + j] * f[j] * v[k * m + j];
    return sum;
  }

 private:
  // Makes two columns of U orthogonal, and turns those of V with them.
  void rotate(std::size_t p, std::size_t q) {
    const double both = product(u, n, p, q);
    if (both == 0) return;
    const double zeta = (product(u, n, q, q) - product(u, n, p, p)) / (2 * both);
    const double t = std::copysign(1 / (std::fabs(zeta) + std::hypot(1, zeta)), zeta);
    const double c = 1 / std::hypot(1, t), d = c * t;
    for (std::vector<double>* const x : {&u, &v})
      for (std::size_t i = 0; i < x->size(); i += m) {
        const double xp = (*x)[i + p], xq = (*x)[i + q];
        (*x)[i + p] = c * xp - d * xq;
        (*x)[i + q] = d * xp + c * xq;
      }
  }
};

}  // namespace

TEST_CASE("A general matrix is mapped along its singular values", "[matrix]") {
  const std::size_t n = 24, m = 17;
  const std::vector<double> g = support::numbers<double>(n * m, 9);
  const SingularValues svd(g, n, m);
  for (std::size_t p = 0; p < m; ++p)
    for (std::size_t q = 0; q < m; ++q) {
      REQUIRE(std::fabs(svd.product(svd.u, n, p, q) - (p == q)) < 1e-14);
      REQUIRE(std::fabs(svd.product(svd.v, m, p, q) - (p == q)) < 1e-14);
    }
  double norm = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < m; ++k) {
      REQUIRE(std::fabs(svd.element(i, k, svd.s) - g[i * m + k]) < 1e-14);
      norm = std::hypot(norm, g[i * m + k]);
    }
  for (const NewtonSchulz& list : {kj, quintic, polar}) {
    std::vector<double> o = g, s = svd.s;
    orthogonalize(matrix(o, n, m), list);
    for (double& x : s) x = list(x / norm);
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < m; ++k)
        worst = std::fmax(worst, std::fabs(svd.element(i, k, s) - o[i * m + k]));
    CHECK(worst < 1e-13);
  }
}
