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
/// C is a pointer to a matrix of the size of the result, or null for none; it is not `out`.
/// `scratch<T>(n, m)` is how many numbers of type T they need besides, for an X of n rows and m
/// columns. The result must be the same whatever executor runs the parts.
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
  static constexpr std::size_t size = 192;   // rows of a tile, and columns where B is also A
  static constexpr std::size_t terms = 256;  // of each sum, before those of the next sums

  const T* panels;             // of B
  std::size_t depth, columns;  // the number of terms of each sum; the columns of the result
  const T* a;                  // the rows of A, or null where A is B's transpose
  std::size_t rows;            // of the result
  T alpha, beta;
  const T* c;
  T* out;
  std::size_t row, column;  // where the tile begins

  /// The columns of a tile: the more they are, the more often a packed part of A is used.
  std::size_t across() const noexcept { return a == nullptr ? size : 2 * size; }

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using Sums = ProductBlock<I, T>;
    const std::size_t row_end = row + size < rows ? row + size : rows;
    const std::size_t column_end = column + across() < columns ? column + across() : columns;
    alignas(64) T packed[Sums::rows * terms];
    for (std::size_t k = 0; k < depth; k += terms) {
      const std::size_t count = depth - k < terms ? depth - k : terms;
      for (std::size_t i = row; i < row_end; i += Sums::rows) {
        const T* left = packed;
        std::size_t stride = Sums::rows;
        if (a == nullptr &&
            Sums::columns % Sums::rows == 0)  // the rows lie side by side in a panel
          left = in_panel<I>(i, k), stride = Sums::columns;
        else
          pack<I>(i, k, count, packed);
        for (std::size_t j = column; j < column_end; j += Sums::columns)
          if (a != nullptr || j < i + Sums::rows) block<I>(left, stride, i, j, k, count);
      }
    }
    if (a == nullptr) mirror(row_end, column_end);
  }

 private:
  // Term k of column j of B; the next term is a row of the panel further on.
  template <class I>
  GRADUS_KERNEL const T* in_panel(std::size_t j, std::size_t k) const {
    constexpr std::size_t width = ProductBlock<I, T>::columns;
    return panels + (j / width * depth + k) * width + j % width;
  }
  // The terms of some rows of A, those of one column side by side.
  template <class I>
  GRADUS_KERNEL void pack(std::size_t i, std::size_t k, std::size_t count, T* to) const {
    constexpr std::size_t n = ProductBlock<I, T>::rows;
    for (std::size_t r = 0; r < n; ++r) {
      const std::size_t at = i + r < rows ? i + r : rows - 1;  // a row that is not there is no sum
      const T* const from = a != nullptr ? a + at * depth + k : in_panel<I>(at, k);
      const std::size_t step = a != nullptr ? 1 : ProductBlock<I, T>::columns;
      for (std::size_t q = 0; q < count; ++q) to[q * n + r] = from[q * step];
    }
  }
  template <class I>
  GRADUS_KERNEL void block(const T* left, std::size_t stride, std::size_t i, std::size_t j,
                           std::size_t k, std::size_t count) const {
    using Sums = ProductBlock<I, T>;
    using V = typename Sums::V;
    const std::size_t height = rows - i < Sums::rows ? rows - i : Sums::rows;
    const std::size_t width = columns - j < Sums::columns ? columns - j : Sums::columns;
    const bool whole = height == Sums::rows && width == Sums::columns;
    T* const at = out + i * columns + j;
    alignas(64) T some[Sums::rows * Sums::columns];
    T* to = at;
    std::size_t step = columns;
    if (!whole) {
      to = some, step = Sums::columns;
      for (std::size_t r = 0; r < height; ++r)
        for (std::size_t q = 0; q < width; ++q) some[r * step + q] = at[r * columns + q];
    }
    add<I>(left, stride, in_panel<I>(j, k), count, k == 0, to, step,
           std::make_index_sequence<Sums::sums>{});
    if (k + count == depth) {
      const V factor(alpha), share(beta);
      for (std::size_t r = 0; r < height; ++r)
        for (std::size_t q = 0; q < width; q += V::size) {
          V x = factor * V::load(to + r * step + q);
          const std::size_t left_over = width - q;
          if (c != nullptr) {
            const T* const more = c + (i + r) * columns + j + q;
            x = x + share * (left_over < V::size ? V::load_part(more, left_over) : V::load(more));
          }
          x.store(to + r * step + q);
        }
    }
    if (!whole)
      for (std::size_t r = 0; r < height; ++r)
        for (std::size_t q = 0; q < width; ++q) at[r * columns + q] = some[r * step + q];
  }
  // Sums are numbered at compile time: a run-time index would keep them in memory.
  template <class I, std::size_t... S>
  GRADUS_KERNEL static void add(const T* left, std::size_t stride, const T* right,
                                std::size_t count, bool first, T* to, std::size_t step,
                                std::index_sequence<S...>) {
    using Sums = ProductBlock<I, T>;
    using V = typename Sums::V;
    constexpr std::size_t packs = Sums::packs;
    std::array<V, Sums::sums> sum{};
    if (first)
      ((sum[S] = V(T{0})), ...);
    else
      ((sum[S] = V::load(to + S / packs * step + S % packs * V::size)), ...);
    for (std::size_t k = 0; k < count; ++k, right += Sums::columns, left += stride) {
      const std::array<V, packs> b = packs_at<V>(right, std::make_index_sequence<packs>{});
      (sum[S].add_product(V(left[S / packs]), b[S % packs]), ...);
    }
    (sum[S].store(to + S / packs * step + S % packs * V::size), ...);
  }
  template <class V, std::size_t... Q>
  GRADUS_KERNEL static std::array<V, sizeof...(Q)> packs_at(const T* x, std::index_sequence<Q...>) {
    return {V::load(x + Q * V::size)...};
  }
  // Copies what is below the diagonal to above it, in squares, so that few lines of the cache are
  // in use at a time.
  void mirror(std::size_t row_end, std::size_t column_end) const {
    constexpr std::size_t square = 16;
    for (std::size_t from = row; from < row_end; from += square)
      for (std::size_t to = column; to < column_end && to < from + square; to += square) {
        T turned[square][square];
        const std::size_t height = row_end - from < square ? row_end - from : square;
        const std::size_t width = column_end - to < square ? column_end - to : square;
        for (std::size_t i = 0; i < height; ++i)
          for (std::size_t j = 0; j < width; ++j) turned[j][i] = out[(from + i) * columns + to + j];
        for (std::size_t j = 0; j < width; ++j)
          for (std::size_t i = from > to + j ? 0 : to + j - from; i < height; ++i)
            out[(to + j) * columns + from + i] = turned[j][i];
      }
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
      if (some < width)
        for (std::size_t i = 0; i < width * depth; ++i) to[i] = 0;
      for (std::size_t k = 0; k < depth; ++k, to += width)
        std::memcpy(to, b + k * columns + first, some * sizeof(T));
    });
    constexpr std::size_t size = detail::ProductTile<T>::size;
    const std::size_t wide = whole.across();
    const std::size_t across = (columns + wide - 1) / wide, down = (whole.rows + size - 1) / size;
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
      tile.column = column * wide;
      simd::dispatch(isa, tile);
    });
  }
};

}}  // namespace gradus::GRADUS_ABI
