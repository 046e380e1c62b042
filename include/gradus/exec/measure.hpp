// Sums over all elements, the same bits whatever the instruction set, the threads or the spans.
//
// Element i of the whole (the global index, across spans) is added to lane i mod 16 of leaf i /
// 1024, in double and in order; a leaf's lanes are added pairwise, and the leaves by a binary tree
// over their index. That order depends on nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/exec/access.hpp>
#include <gradus/exec/seq.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/simd/dispatch.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

inline constexpr std::size_t group = 16;        // elements added at once
inline constexpr std::size_t leaf_groups = 64;  // groups in a leaf

/// Elements that an executor hands out at a time: small enough to share out, large enough to be
/// worth waking a thread for. A whole number of leaves, and a power of 2.
inline constexpr std::size_t piece = std::size_t{1} << 15;

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
  /// `rest`: the sum of what comes after the leaves.
  double sum(double rest = 0) const noexcept {
    double total = rest;
    for (std::size_t k = 0; k < 64; ++k)
      if ((leaves >> k) & 1) total = add(level[k], total);
    return total;
  }
};

/// Sums `terms(p, scale * g, slots)` over elements [begin, end): products a * b, each pack computed
/// in T, multiplied and added in double. `begin` is a multiple of `group`.
template <class Streams, class K>
struct Sum {
  using T = typename Streams::T;
  using P = typename Streams::P;
  using G = typename Streams::G;
  static constexpr std::size_t M = K::count, N = Streams::slot_count;
  const Streams& streams;
  std::size_t begin, end;
  const K& terms;
  std::array<double, M>& result;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    using D = simd::pack<I, double>;
    const K k = terms;
    std::array<Tree, M> tree{};
    std::array<std::array<D, group / D::size>, M> lanes;
    std::size_t filled = 0, global = begin;  // groups in the open leaf; the next element
    clear(lanes);
    const auto count_group = [&] {
      if (++filled == leaf_groups) close(lanes, tree), filled = 0;
    };

    const Views views = streams.views;
    alignas(64) P p[group];
    alignas(64) G g[group];  // a group gathered across the borders of spans
    std::size_t gathered = 0;
    for (std::size_t v = view_of(views, begin); v < views.size() && views[v].begin < end; ++v) {
      const View& view = views[v];
      const P* const from_p = streams.p(view);
      const G* const from_g = streams.g(view);
      std::size_t i = begin < view.begin ? 0 : begin - view.begin;
      const std::size_t n = end - view.begin < view.n ? end - view.begin : view.n;
      while (i < n) {
        if (gathered == 0 && n - i >= group) {
          add_group<V, D>(k, from_p + i, from_g + i, global, group, lanes);
          i += group, global += group, count_group();
          continue;
        }
        for (; gathered < group && i < n; ++gathered, ++i)
          p[gathered] = from_p[i], g[gathered] = from_g[i];
        if (gathered == group) {
          add_group<V, D>(k, p, g, global, group, lanes);
          gathered = 0, global += group, count_group();
        }
      }
    }
    if (gathered != 0) {
      for (std::size_t j = gathered; j < group; ++j) p[j] = P(0.0F), g[j] = G(0.0F);
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
  GRADUS_KERNEL void add_group(const K& k, const P* p, const G* g, std::size_t global,
                               std::size_t count, std::array<std::array<D, Q>, M>& lanes) const {
    alignas(64) T a[M][group], b[M][group];
    const V s(streams.scale);
    const auto at = [&]<std::size_t... J>(std::size_t j, std::index_sequence<J...>) GRADUS_LAMBDA {
      [[maybe_unused]] const std::size_t left = j < count ? count - j : 0;
      std::array<V, N> z{get<V>(std::get<J>(streams.slots), global + j, left)...};
      const std::array<Product<V>, M> product =
          at_element(k, streams.first + global + j)(V::load(p + j), s * V::load(g + j), z);
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

/// What a measuring rule gets: `measure(terms)` sums K::count products over the spans in `streams`.
template <class Streams, Executor E = Seq>
struct Measure {
  Streams streams;
  const E& run = seq;
  std::size_t span = 0;  ///< the index of the span, if it measures a single one

  template <class K>
  std::array<double, K::count> operator()(const K& terms) const noexcept {
    static_assert(MeasureTerms<K, typename Streams::T, Streams::slot_count>,
                  "gradus: a measure's terms must be callable as terms(p, g, slots) while they are "
                  "const, and return std::array<Product<V>, count>");
    constexpr std::size_t M = K::count, most = 64;
    const std::size_t first = streams.views.empty() ? 0 : streams.views[0].begin;
    const std::size_t n = total(streams.views) - first;
    // A block is a whole branch of the tree: 2^k leaves.
    std::size_t block = piece;
    while (n / block > most) block *= 2;
    const std::size_t blocks = std::same_as<E, Seq> || n < 2 * block ? 0 : n / block;
    std::array<std::array<double, M>, most + 1> sums{};
    const auto sum = [&](std::size_t i, std::size_t end) noexcept {
      const std::size_t begin = first + i * block;
      simd::dispatch(streams.isa, Sum<Streams, K>{streams, begin, first + end, terms, sums[i]});
    };
    if (blocks == 0) {
      sum(0, n);
      return sums[0];
    }
    run(blocks + 1, [&](std::size_t i) noexcept { sum(i, i < blocks ? (i + 1) * block : n); });
    std::array<double, M> result{};
    for (std::size_t m = 0; m < M; ++m) {
      Tree tree;
      for (std::size_t i = 0; i < blocks; ++i) tree.push(sums[i][m]);
      result[m] = tree.sum(sums[blocks][m]);
    }
    return result;
  }
};

}}}  // namespace gradus::GRADUS_ABI::exec
