// optional header: needs <cblas.h>
// Products of matrices by a BLAS.
#pragma once

#include <cblas.h>

#include <concepts>
#include <cstddef>

#include <gradus/concept/executor.hpp>
#include <gradus/matrix/products.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The products of a BLAS with the C interface, such as OpenBLAS: `through<BlasProducts>(Muon{})`.
///
/// The BLAS uses threads of its own and not the executor. The bits depend on the library, on the
/// processor and, with many of them, on the number of threads.
struct BlasProducts {
  template <class T>
  static constexpr std::size_t scratch(std::size_t, std::size_t) noexcept {
    return 0;
  }
  template <class T, Executor E>
  void gram(const Rows<T>& x, T alpha, T beta, const T* c, T* out, T*, const E&) const {
    const std::size_t m = x.columns;
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j <= i; ++j) out[i * m + j] = c == nullptr ? T{0} : c[i * m + j];
    const auto k = static_cast<int>(x.rows), order = static_cast<int>(m);
    if constexpr (std::same_as<T, float>)
      cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, order, k, alpha, x.data, order, beta, out,
                  order);
    else
      cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, order, k, alpha, x.data, order, beta, out,
                  order);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < i; ++j) out[j * m + i] = out[i * m + j];
  }
  template <class T, Executor E>
  void multiply(const Rows<T>& x, const T* s, T beta, const T* c, T* out, T*, const E&) const {
    const auto n = static_cast<int>(x.rows), m = static_cast<int>(x.columns);
    const std::size_t all = x.rows * x.columns;
    for (std::size_t i = 0; i < all; ++i) out[i] = c == nullptr ? T{0} : c[i];
    if constexpr (std::same_as<T, float>)
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, m, m, 1, x.data, m, s, m, beta, out,
                  m);
    else
      cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, m, m, 1, x.data, m, s, m, beta, out,
                  m);
  }
};

}}  // namespace gradus::GRADUS_ABI
