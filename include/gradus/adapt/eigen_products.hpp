// optional header: needs <Eigen/Core>
// Products of matrices by Eigen.
#pragma once

#include <Eigen/Core>

#include <cstddef>

#include <gradus/concept/executor.hpp>
#include <gradus/matrix/products.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The products of Eigen: `through<EigenProducts>(Muon{})`.
///
/// A result is computed in parts of 256 columns, which an executor distributes, so that the bits do
/// not depend on the executor or on its threads. They depend on the version of Eigen, on the
/// compiler and on the flags; without -march Eigen uses SSE2 only. Eigen may allocate, also in a
/// step.
struct EigenProducts {
  template <class T>
  static constexpr std::size_t scratch(std::size_t, std::size_t) noexcept {
    return 0;
  }
  template <class T, Executor E>
  void gram(const Rows<T>& x, T alpha, T beta, const T* c, T* out, T*, const E& run) const {
    in_parts(x.columns, run, [&](Index from, Index count) {
      // The rows from the diagonal on; those before it are their mirror images.
      const Index m = index(x.columns), left = m - from;
      auto part = map(out, x.columns, x.columns).block(from, from, left, count);
      const auto all = map(x.data, x.rows, x.columns);
      part.noalias() = alpha * all.rightCols(left).transpose() * all.middleCols(from, count);
      if (c != nullptr) part += beta * map(c, x.columns, x.columns).block(from, from, left, count);
    });
    map(out, x.columns, x.columns).template triangularView<Eigen::StrictlyUpper>() =
        map(out, x.columns, x.columns).transpose();
  }
  template <class T, Executor E>
  void multiply(const Rows<T>& x, const T* s, T beta, const T* c, T* out, T*, const E& run) const {
    in_parts(x.columns, run, [&](Index from, Index count) {
      auto part = map(out, x.rows, x.columns).middleCols(from, count);
      part.noalias() =
          map(x.data, x.rows, x.columns) * map(s, x.columns, x.columns).middleCols(from, count);
      if (c != nullptr) part += beta * map(c, x.rows, x.columns).middleCols(from, count);
    });
  }

 private:
  using Index = Eigen::Index;
  static Index index(std::size_t i) noexcept { return static_cast<Index>(i); }
  template <class T>
  static auto map(T* data, std::size_t rows, std::size_t columns) {
    using Plain =
        Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Mapped = std::conditional_t<std::is_const_v<T>, const Plain, Plain>;
    return Eigen::Map<Mapped>(data, index(rows), index(columns));
  }
  template <class E, class F>
  static void in_parts(std::size_t columns, const E& run, const F& f) {
    constexpr std::size_t width = 256;
    run((columns + width - 1) / width, [&](std::size_t i) noexcept {
      const std::size_t from = i * width;
      f(index(from), index(columns - from < width ? columns - from : width));
    });
  }
};

}}  // namespace gradus::GRADUS_ABI
