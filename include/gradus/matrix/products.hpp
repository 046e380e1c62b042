// optional header
// The products that a polynomial of a matrix needs, with the same bits on every processor.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <utility>

#include <gradus/concept/executor.hpp>
#include <gradus/math/real.hpp>
#include <gradus/simd/dispatch.hpp>
#include <gradus/simd/isa.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A matrix to be read, with its rows one after another.
template <class T>
struct Rows {
  const T* data = nullptr;
  std::size_t rows = 0, columns = 0;
};

/// How matrices are multiplied: two functions, and the memory that they need.
///
///   gram(X, alpha, beta, C, out, scratch, run)   out = alpha * X^T X + beta * C
///   multiply(X, S, beta, C, out, scratch, run)   out = X S + beta * C, where S is symmetric
///
/// C is a pointer to a matrix of the size of the result, or null for none. `scratch<T>(n, m)` is
/// how many numbers of type T they need besides, for an X of n rows and m columns. The result must
/// be the same whatever executor runs the parts.
template <class X, class T, class E>
concept Products = requires(const X& products, const Rows<T>& x, const T* c, T* out, T factor,
                            std::size_t n, const E& run) {
  { X::template scratch<T>(n, n) } -> std::convertible_to<std::size_t>;
  products.gram(x, factor, factor, c, out, out, run);
  products.multiply(x, c, factor, c, out, out, run);
};

namespace detail {

/// The sums that fit into the registers of a path: `rows` rows of some packs.
template <class I, class T>
struct ProductBlock {
  using V = simd::pack<I, T>;
  static constexpr bool many_registers = I::isa == simd::Isa::avx512 || I::isa == simd::Isa::neon;
  static constexpr std::size_t packs = 3, rows = many_registers ? 8 : 4;
  static constexpr std::size_t columns = packs * V::size, sums = rows * packs;
};

/// A part of a product of A (of which row i is column i of the result's left factor) and B, whose
/// columns are in panels: some neighbouring columns of all rows, one row after another, so that
/// they are read in order. Each sum is computed in the order of its terms, by one fused
/// multiply-add after another, whatever the width of the lanes.
template <class T>
struct ProductTile {
  static constexpr std::size_t size = 192;   // rows and columns of a tile
  static constexpr std::size_t terms = 256;  // of each sum, before those of the next sums

  const T* panels;             // of B
  std::size_t depth, columns;  // the number of terms of each sum; the columns of the result
  const T* a;                  // the rows of A, or null where A is B's transpose
  std::size_t rows;            // of the result
  T alpha, beta;
  const T* c;
  T* out;
  std::size_t row, column;  // where the tile begins

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using Sums = ProductBlock<I, T>;
    const std::size_t row_end = row + size < rows ? row + size : rows;
    const std::size_t column_end = column + size < columns ? column + size : columns;
    for (std::size_t k = 0; k < depth; k += terms)
      for (std::size_t j = column; j < column_end; j += Sums::columns)
        for (std::size_t i = row; i < row_end; i += Sums::rows)
          if (a != nullptr || j < i + Sums::rows) block<I>(i, j, k);
    if (a == nullptr) mirror(row_end, column_end);
  }

 private:
  template <class I>
  GRADUS_KERNEL void block(std::size_t i, std::size_t j, std::size_t k) const {
    using Sums = ProductBlock<I, T>;
    using V = typename Sums::V;
    const std::size_t count = depth - k < terms ? depth - k : terms;
    std::array<const T*, Sums::rows> left{};
    for (std::size_t r = 0; r < Sums::rows; ++r) {
      const std::size_t at = i + r < rows ? i + r : rows - 1;  // a row that is not there is no sum
      left[r] = a != nullptr ? a + at * depth + k
                             : panels + (at / Sums::columns * depth + k) * Sums::columns +
                                   at % Sums::columns;
    }
    const T* const right = panels + (j / Sums::columns * depth + k) * Sums::columns;
    const std::size_t width = columns - j < Sums::columns ? columns - j : Sums::columns;
    alignas(64) T sums[Sums::rows][Sums::columns] = {};
    for (std::size_t r = 0; r < Sums::rows && i + r < rows && k != 0; ++r)
      std::memcpy(sums[r], out + (i + r) * columns + j, width * sizeof(T));
    add<I>(left, a != nullptr ? 1 : Sums::columns, right, count, &sums[0][0],
           std::make_index_sequence<Sums::sums>{});

    const V factor(alpha), share(beta);
    for (std::size_t r = 0; r < Sums::rows && i + r < rows; ++r) {
      const std::size_t at = (i + r) * columns + j;
      for (std::size_t q = 0; q < width; q += V::size) {
        V x = V::load(sums[r] + q);
        const std::size_t some = width - q;
        if (k + count == depth) {
          x = factor * x;
          if (c != nullptr)
            x = x + share * (some < V::size ? V::load_part(c + at + q, some) : V::load(c + at + q));
        }
        some < V::size ? x.store_part(out + at + q, some) : x.store(out + at + q);
      }
    }
  }
  // Sums are numbered at compile time: a run-time index would keep them in memory.
  template <class I, std::size_t... S>
  GRADUS_KERNEL static void add(const std::array<const T*, ProductBlock<I, T>::rows>& left,
                                std::size_t stride, const T* right, std::size_t count, T* sums,
                                std::index_sequence<S...>) {
    using Sums = ProductBlock<I, T>;
    using V = typename Sums::V;
    std::array<V, Sums::sums> sum{V::load(sums + S * V::size)...};
    for (std::size_t k = 0; k < count; ++k, right += Sums::columns) {
      const std::array<V, 3> b{V::load(right), V::load(right + V::size),
                               V::load(right + 2 * V::size)};
      (sum[S].add_product(V(left[S / 3][k * stride]), b[S % 3]), ...);
    }
    (sum[S].store(sums + S * V::size), ...);
  }
  // Copies what is below the diagonal to above it, in squares, so that few lines of the cache are
  // in use at a time.
  void mirror(std::size_t row_end, std::size_t column_end) const {
    constexpr std::size_t square = 16;
    for (std::size_t from = row; from < row_end; from += square)
      for (std::size_t to = column; to < column_end && to < from + square; to += square)
        for (std::size_t i = from; i < from + square && i < row_end; ++i)
          for (std::size_t j = to; j < to + square && j < i; ++j)
            out[j * columns + i] = out[i * columns + j];
  }
};

}  // namespace detail

/// The products of this library: each element is one sum in the order of its terms, by fused
/// multiply-adds, so that the bits are the same on every processor and with every executor. On
/// processors that have no such instruction they are slow.
struct OwnProducts {
  template <class T>
  static constexpr std::size_t scratch(std::size_t n, std::size_t m) noexcept {
    return (n > m ? n : m) * (m + 48);  // the widest panel has 48 columns
  }
  template <class T, Executor E>
  void gram(const Rows<T>& x, T alpha, T beta, const T* c, T* out, T* panels, const E& run) const {
    go(detail::ProductTile<T>{panels, x.rows, x.columns, nullptr, x.columns, alpha, beta, c, out, 0,
                              0},
       x.data, panels, run);
  }
  template <class T, Executor E>
  void multiply(const Rows<T>& x, const T* s, T beta, const T* c, T* out, T* panels,
                const E& run) const {
    go(detail::ProductTile<T>{panels, x.columns, x.columns, x.data, x.rows, T{1}, beta, c, out, 0,
                              0},
       s, panels, run);
  }

 private:
  struct PanelWidth {
    std::size_t& width;
    std::size_t size;
    template <class I>
    void operator()(I) const {
      width = size == 4 ? detail::ProductBlock<I, float>::columns
                        : detail::ProductBlock<I, double>::columns;
    }
  };
  template <class T, class E>
  static void go(const detail::ProductTile<T>& whole, const T* b, T* panels, const E& run) {
    const simd::Isa isa = simd::current();
    std::size_t width = 0;
    simd::dispatch(isa, PanelWidth{width, sizeof(T)});
    const std::size_t depth = whole.depth, columns = whole.columns;
    run((columns + width - 1) / width, [&](std::size_t panel) noexcept {
      const std::size_t first = panel * width;
      const std::size_t some = columns - first < width ? columns - first : width;
      T* to = panels + first * depth;
      for (std::size_t k = 0; k < depth; ++k, to += width) {
        std::memcpy(to, b + k * columns + first, some * sizeof(T));
        for (std::size_t j = some; j < width; ++j) to[j] = 0;
      }
    });
    constexpr std::size_t size = detail::ProductTile<T>::size;
    const std::size_t across = (columns + size - 1) / size, down = (whole.rows + size - 1) / size;
    // The tiles of a symmetric result are numbered along the rows of its lower triangle.
    const std::size_t tiles = whole.a == nullptr ? down * (down + 1) / 2 : down * across;
    run(tiles, [&](std::size_t i) noexcept {
      std::size_t row = 0, column = i;
      if (whole.a == nullptr)
        while (column > row) column -= ++row;
      else
        row = i / across, column = i % across;
      detail::ProductTile<T> tile = whole;
      tile.row = row * size;
      tile.column = column * size;
      simd::dispatch(isa, tile);
    });
  }
};

}}  // namespace gradus::GRADUS_ABI
