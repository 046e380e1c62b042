// optional header
// The orthogonal factor of a matrix by polynomials, after Newton and Schulz.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/error/check.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/exec/gradients.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/exec/seq.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/real.hpp>
#include <gradus/matrix/products.hpp>
#include <gradus/memory/shape.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The polynomials p(x) = a x + b x^3 + c x^5 of an iteration, one after another. They act on the
/// singular values of a matrix, which begin in [0, 1], and bring them near to 1.
///
///   NewtonSchulz::keller_jordan()       the usual five, .68 to 1.13
///   NewtonSchulz::quintic()             five that end between .978 and 1.032
///   NewtonSchulz::polar_express()       the five of modded-nanogpt, nanochat and dion: divide by
///                                       1.02 times the norm (`Muon::safety`), because values above
///                                       1 grow
///   NewtonSchulz{{a, b, c}, ...}        your own, at most ten
struct NewtonSchulz {
  using Polynomial = std::array<double, 3>;
  static constexpr std::size_t most = 10;

  constexpr NewtonSchulz(std::initializer_list<Polynomial> list) {
    for (const Polynomial& p : list) add(p);
  }
  /// The same polynomial `steps` times, tuned for speed at 0.
  static constexpr NewtonSchulz keller_jordan(std::size_t steps = 5) {
    NewtonSchulz r{};
    for (std::size_t i = 0; i < steps; ++i) r.add({3.4445, -4.7750, 2.0315});
    return r;
  }
  static constexpr NewtonSchulz quintic() {
    return {{4.0848, -6.8946, 2.9270},
            {3.9505, -6.3029, 2.6377},
            {3.7418, -5.5913, 2.3037},
            {2.8769, -3.1427, 1.2046},
            {2.8366, -3.0525, 1.2012}};
  }
  static constexpr NewtonSchulz polar_express() {
    return {{8.156554524902461, -22.48329292557795, 15.878769915207462},
            {4.042929935166739, -2.808917465908714, 0.5000178451051316},
            {3.8916678022926607, -2.772484153217685, 0.5060648178503393},
            {3.285753657755655, -2.3681294933425376, 0.46449024233003106},
            {2.3465413258596377, -1.7097828382687081, 0.42323551169305323}};
  }
  /// Newton and Schulz' own polynomial, which converges to exactly 1, slowly.
  static constexpr NewtonSchulz cubic(std::size_t steps) {
    NewtonSchulz r{};
    for (std::size_t i = 0; i < steps; ++i) r.add({1.5, -0.5, 0});
    return r;
  }

  constexpr const Polynomial* begin() const noexcept { return all_.data(); }
  constexpr const Polynomial* end() const noexcept {
    return all_.data() + (size_ < most ? size_ : most);
  }
  constexpr std::size_t size() const noexcept { return size_; }
  /// What becomes of a singular value.
  constexpr double operator()(double x) const noexcept {
    for (const Polynomial& p : *this) x = value(p, x);
    return x;
  }
  /// p(x) for one of the polynomials.
  static constexpr double value(const Polynomial& p, double x) noexcept {
    const math::ieee square = math::ieee(x) * x;
    return static_cast<double>((p[0] + square * (p[1] + square * p[2])) * x);
  }
  constexpr bool operator==(const NewtonSchulz&) const = default;

 private:
  constexpr void add(const Polynomial& p) noexcept {
    if (size_ < most) all_[size_] = p;
    ++size_;
  }
  std::array<Polynomial, most> all_{};
  std::size_t size_ = 0;
};

namespace detail {

/// Refuses a list of no or too many polynomials, and one of which a polynomial makes more than
/// `most` of a singular value in [0, 1], so that no finite matrix overflows.
template <class T>
constexpr Fault check_coefficients(const char* type, const char* field,
                                   const NewtonSchulz& list) noexcept {
  const auto size = static_cast<double>(list.size());
  if (list.size() == 0 || list.size() > NewtonSchulz::most)
    return {type, field, "must be 1 to 10 polynomials", size};
  constexpr double most = 1000;
  for (int i = 0; i <= 256; ++i) {
    double x = i / 256.0;
    for (const NewtonSchulz::Polynomial& p : list)
      if (x = NewtonSchulz::value(p, x); !math::is_finite(x) || x > most || x < -most)
        return {type, field, "must keep singular values in [0, 1] below 1000", x};
  }
  for (const NewtonSchulz::Polynomial& p : list)
    for (const double& x : p)
      if (const Fault fault = check_room<T>(type, field, x)) return fault;
  return {};
}
/// A small number that keeps a divisor above 0: as `check_divisor`, and so large that nothing
/// finite overflows when it is divided by it.
template <class T>
constexpr Fault check_eps(const char* type, const char* field, const double& eps) noexcept {
  if (const Fault fault = check_divisor<T>(type, field, eps)) return fault;
  if (eps < (sizeof(T) == 4 ? 0x1p-100 : 0x1p-1000))
    return {type, field,
            sizeof(T) == 4 ? "must be at least 2^-100 for float" : "must be at least 2^-1000", eps};
  return {};
}

/// What a norm is multiplied by before a matrix is divided by it.
constexpr Fault check_safety(const char* type, const char* field, const double& safety) noexcept {
  if (!(safety >= 1 && safety <= 2)) return {type, field, "must be in [1, 2]", safety};
  return {};
}

/// Copies the transpose of a matrix of `rows` rows, in squares that fit into the cache.
template <class T>
void transpose(const T* from, std::size_t rows, std::size_t columns, T* to) noexcept {
  constexpr std::size_t square = 16;
  for (std::size_t i = 0; i < rows; i += square)
    for (std::size_t j = 0; j < columns; j += square)
      for (std::size_t r = i; r < i + square && r < rows; ++r)
        for (std::size_t c = j; c < j + square && c < columns; ++c)
          to[c * rows + r] = from[r * columns + c];
}

/// x <- (x * first) * second, for each element.
template <class T>
struct ScaleTwice {
  T* x;
  std::size_t n;
  T first, second;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    const V a(first), b(second);
    std::size_t i = 0;
    for (; i + V::size <= n; i += V::size) (b * (a * V::load(x + i))).store(x + i);
    if (i < n) (b * (a * V::load_part(x + i, n - i))).store_part(x + i, n - i);
  }
};
template <Real T>
void scale_twice(T* x, std::size_t n, std::type_identity_t<T> first,
                 std::type_identity_t<T> second) noexcept {
  simd::dispatch(simd::current(), ScaleTwice<T>{x, n, first, second});
}

/// The norm of n numbers, over the fixed tree of all norms.
template <Real T, Executor E>
double norm_of(const T* x, std::size_t n, const E& run) noexcept {
  const exec::View view{const_cast<T*>(x), x, n, 0};
  return exec::norm_of_gradients(exec::gradients<T, T>({&view, 1}, 1), run);
}

/// The numbers that `orthogonalize` needs besides a matrix of this shape.
template <Real T, class P>
constexpr std::size_t orthogonalize_work(const Shape& shape) noexcept {
  const std::size_t n = shape.longer(), m = shape.shorter();
  return n * m + 2 * m * m + P::template scratch<T>(n, m);
}

/// By what a matrix is divided: its norm times `safety`, and at least `eps`, or plus `eps`.
struct NormGuard {
  double safety = 1, eps = 1e-7;
  bool added = false;

  double divisor(const double& norm) const noexcept {
    const math::ieee size = math::ieee(norm) * safety;
    const double r = static_cast<double>(added ? size + eps : size);
    return r > eps ? r : eps;
  }
};

/// Divides a matrix by its norm, and replaces it by the polynomials of it. A matrix that is not
/// finite becomes NaN. `work`: as many numbers as `orthogonalize_work` says.
template <Real T, class P, Executor E>
void orthogonalize(T* data, const Shape& shape, const NewtonSchulz& coefficients,
                   const NormGuard& guard, T* work, P products, const E& run) noexcept {
  const std::size_t n = shape.longer(), m = shape.shorter(), all = n * m;
  const bool wide = shape.columns > shape.rows;
  T *x = data, *y = work, *const gram = work + all, *const sum = gram + m * m;
  T* const scratch = sum + m * m;
  // All of this works on a matrix with at least as many rows as columns.
  if (wide) transpose(x, shape.rows, shape.columns, y), std::swap(x, y);

  // The divisor is a power of two times a number in [1, 2): no power of two changes a bit.
  double norm = norm_of(x, all, run);
  if (!math::is_finite(norm)) scale_twice(x, all, T(0x1p-100), T{1}), norm = norm_of(x, all, run);
  const bool finite = math::is_finite(norm);
  double divisor = finite ? guard.divisor(norm) : 1.0, power = 1;
  for (; divisor >= 2; divisor /= 2) power /= 2;
  for (; divisor < 1; divisor *= 2) power *= 2;
  const double inverse =
      finite ? static_cast<double>(1.0 / math::ieee(divisor)) : math::quiet_nan<double>();
  scale_twice(x, all, static_cast<T>(power), static_cast<T>(inverse));

  for (const auto& [a, b, c] : coefficients) {
    const T first = static_cast<T>(a), third = static_cast<T>(b), fifth = static_cast<T>(c);
    products.gram(Rows<T>{x, n, m}, T{1}, T{0}, static_cast<const T*>(nullptr), gram, scratch, run);
    T* polynomial = sum;
    if (fifth == 0)
      scale_twice(polynomial = gram, m * m, third, T{1});
    else
      products.gram(Rows<T>{gram, m, m}, fifth, third, static_cast<const T*>(gram), sum, scratch,
                    run);
    products.multiply(Rows<T>{x, n, m}, static_cast<const T*>(polynomial), first,
                      static_cast<const T*>(x), y, scratch, run);
    std::swap(x, y);
  }
  if (wide) transpose(x, shape.columns, shape.rows, y), std::swap(x, y);
  if (x != data) std::memcpy(data, x, all * sizeof(T));
}

}  // namespace detail

/// Replaces a matrix, or each of several, by its orthogonal factor: if U S V^T is its singular
/// value decomposition, by U f(S / |S|) V^T, where f are the polynomials and |S| is the norm of all
/// elements. A matrix of zeros stays.
///
///   orthogonalize(matrix(w, 64, 32));
///
/// Errors: no shape; a polynomial that lets a singular value grow beyond 1000.
/// Cost: 2 n m (n + m) additions and multiplications a polynomial for n rows and m columns, half of
///   that of n m^2 for X^T X; allocates.
template <class X, Executor E = Seq, class P = OwnProducts>
  requires detail::is_shaped<X>
void orthogonalize(const X& x, const NewtonSchulz& coefficients = NewtonSchulz::keller_jordan(),
                   const E& run = {}, P products = {}) {
  using T = typename X::element_type;
  static constexpr const char* name = "orthogonalize";
  detail::check_shape(name, x.shape, x.size());
  refuse_if(detail::check_coefficients<T>(name, "coefficients", coefficients));
  std::vector<T> work(detail::orthogonalize_work<T, P>(x.shape));
  const std::size_t size = x.shape.rows * x.shape.columns;
  for (std::size_t i = 0; i < x.shape.count; ++i)
    detail::orthogonalize(x.data() + i * size, x.shape, coefficients, detail::NormGuard{},
                          work.data(), products, run);
}

}}  // namespace gradus::GRADUS_ABI
