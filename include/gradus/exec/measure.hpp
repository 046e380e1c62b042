// Sums over all elements, the same bits whatever the instruction set, the threads or the spans.
//
// Element i of the whole (the global index, across spans) is added to lane i mod 16 of leaf i /
// 1024, in double and in order; a leaf's lanes are added pairwise, and the leaves by a binary tree
// over their index. That order depends on nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <gradus/concepts.hpp>
#include <gradus/simd/dispatch.hpp>

namespace gradus::inline GRADUS_ABI::exec {

/// One span of a step's arguments.
template <class T>
struct View {
  T* p = nullptr;
  const T* g = nullptr;
  std::size_t n = 0;
};

inline constexpr std::size_t group = 16;        // elements added at once
inline constexpr std::size_t leaf_groups = 64;  // groups in a leaf

/// The sum of leaves by a binary tree over their index, fed in order: level k holds the sum of 2^k
/// leaves.
struct Tree {
  std::array<double, 64> level{};
  std::uint64_t leaves = 0;

  static double add(double a, double b) noexcept {
    simd::scalar::add(a, a, b);
    return a;
  }
  void push(double leaf) noexcept {
    std::size_t k = 0;
    for (; (leaves >> k) & 1; ++k) leaf = add(level[k], leaf);
    level[k] = leaf;
    ++leaves;
  }
  double sum() const noexcept {
    double total = 0;
    for (std::size_t k = 0; k < 64; ++k)
      if ((leaves >> k) & 1) total = add(level[k], total);
    return total;
  }
};

/// Sums `terms(p, scale * g, slots)`: products a * b, each pack computed in T, multiplied and added
/// in double.
template <class T, class K, std::size_t N>
struct Sum {
  static constexpr std::size_t M = K::count;
  std::span<const View<T>> views;
  const std::array<T*, N>& slots;
  T scale;
  const K& terms;
  std::array<double, M>& result;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    using D = simd::pack<I, double>;
    const K k = terms;
    std::array<Tree, M> tree{};
    std::array<std::array<D, group / D::size>, M> lanes;
    std::size_t filled = 0, global = 0;  // groups in the open leaf; elements seen
    clear(lanes);
    const auto count_group = [&] {
      if (++filled == leaf_groups) close(lanes, tree), filled = 0;
    };

    alignas(64) T p[group], g[group];  // a group gathered across the borders of spans
    std::size_t gathered = 0;
    for (const View<T>& view : views) {
      std::size_t i = 0;
      while (i < view.n) {
        if (gathered == 0 && view.n - i >= group) {
          add_group<V, D>(k, view.p + i, view.g + i, global, group, lanes);
          i += group, global += group, count_group();
          continue;
        }
        for (; gathered < group && i < view.n; ++gathered, ++i)
          p[gathered] = view.p[i], g[gathered] = view.g[i];
        if (gathered == group) {
          add_group<V, D>(k, p, g, global, group, lanes);
          gathered = 0, global += group, count_group();
        }
      }
    }
    if (gathered != 0) {
      for (std::size_t j = gathered; j < group; ++j) p[j] = g[j] = 0;
      add_group<V, D>(k, p, g, global, gathered, lanes);
      ++filled;
    }
    if (filled != 0) close(lanes, tree);
    for (std::size_t m = 0; m < M; ++m) result[m] = tree[m].sum();
  }

 private:
  template <class D, std::size_t Q>
  GRADUS_KERNEL static void clear(std::array<std::array<D, Q>, M>& lanes) {
    for (auto& term : lanes)
      for (D& lane : term) lane = D(0.0);
  }

  // Adds the lanes pairwise: 8 apart, 4, 2, 1.
  template <class D, std::size_t Q>
  GRADUS_KERNEL static void close(std::array<std::array<D, Q>, M>& lanes,
                                  std::array<Tree, M>& tree) {
    for (std::size_t m = 0; m < M; ++m) {
      double x[group];
      for (std::size_t q = 0; q < Q; ++q) lanes[m][q].store(x + q * D::size);
      for (std::size_t apart = group / 2; apart != 0; apart /= 2)
        for (std::size_t j = 0; j < apart; ++j) x[j] = Tree::add(x[j], x[j + apart]);
      tree[m].push(x[0]);
    }
    clear(lanes);
  }

  // `count` elements of a group; the rest counts as zero.
  template <class V, class D, std::size_t Q>
  GRADUS_KERNEL void add_group(const K& k, const T* p, const T* g, std::size_t global,
                               std::size_t count, std::array<std::array<D, Q>, M>& lanes) const {
    alignas(64) T a[M][group], b[M][group];
    const V s(scale);
    const auto at = [&]<std::size_t... J>(std::size_t j, std::index_sequence<J...>) GRADUS_LAMBDA {
      const std::size_t left = j < count ? count - j : 0;
      [[maybe_unused]] const auto slot = [&](T* from) GRADUS_LAMBDA {
        return left >= V::size ? V::load(from) : V::load_part(from, left);
      };
      std::array<V, N> z{slot(slots[J] + global + j)...};
      const std::array<Product<V>, M> product = k(V::load(p + j), s * V::load(g + j), z);
      for (std::size_t m = 0; m < M; ++m)
        product[m].a.store(a[m] + j), product[m].b.store(b[m] + j);
    };
    for (std::size_t j = 0; j < group; j += V::size) at(j, std::make_index_sequence<N>{});
    for (std::size_t m = 0; m < M; ++m) {
      for (std::size_t j = count; j < group; ++j) a[m][j] = b[m][j] = 0;
      for (std::size_t q = 0; q < Q; ++q)
        lanes[m][q] = lanes[m][q] + D::load(a[m] + q * D::size) * D::load(b[m] + q * D::size);
    }
  }
};

/// What a measuring rule gets: `measure(terms)` sums K::count products over the spans it was made
/// for.
template <class T, std::size_t N>
struct Measure {
  std::span<const View<T>> views;
  std::array<T*, N> slots;
  T scale;
  simd::Isa isa;

  template <class K>
  std::array<double, K::count> operator()(const K& terms) const noexcept {
    std::array<double, K::count> result{};
    simd::dispatch(isa, Sum<T, K, N>{views, slots, scale, terms, result});
    return result;
  }
};

}  // namespace gradus::inline GRADUS_ABI::exec
