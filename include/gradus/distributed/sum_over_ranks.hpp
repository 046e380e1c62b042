// optional header
// Sums over the elements of all ranks, with the bits that one process gets.
//
// exec::Sum adds element i to lane i mod 16 of leaf i / 1024, and the leaves by a binary tree. Here
// a rank sums each stretch of its elements that is a whole branch of that tree (a piece of 2^15
// elements, or a leaf), every rank gets all of these sums, and each adds them in the order of the
// tree. Of a leaf that several ranks share, the products of single elements are exchanged.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/distributed/comm.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/exec/gradients.hpp>
#include <gradus/exec/measure.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

inline constexpr std::size_t leaf_size = exec::group * exec::leaf_groups;

/// Whether [begin, end) of `all` elements is a whole branch of so many elements; the last one may
/// have fewer.
constexpr bool is_branch(std::size_t begin, std::size_t end, std::size_t all, std::size_t size) {
  return begin % size == 0 && end == std::min(begin + size, all);
}
/// f(begin, end) for the largest branches of which [begin, end) consists, and for single elements
/// where there is none.
template <class F>
constexpr void each_branch(std::size_t begin, std::size_t end, std::size_t all, const F& f) {
  while (begin < end) {
    std::size_t next = begin + 1;
    for (const std::size_t size : {leaf_size, exec::piece})
      if (const std::size_t to = std::min(begin + size, all); begin % size == 0 && to <= end)
        next = to;
    f(begin, next);
    begin = next;
  }
}

/// Adds the sums of the branches of all elements in order: the bits of exec::Sum.
class SumOfBranches {
 public:
  explicit SumOfBranches(std::size_t all) : all_(all) {}
  void add(std::size_t begin, std::size_t end, double sum) noexcept {
    if (is_branch(begin, end, all_, exec::piece)) {
      end - begin == exec::piece ? pieces_.push(sum) : static_cast<void>(rest_ = sum);
    } else if (is_branch(begin, end, all_, leaf_size)) {
      add_leaf(sum);
    } else {
      double& lane = lanes_[begin % exec::group];
      lane = exec::Tree::add(lane, sum);
      if (end % leaf_size == 0 || end == all_) close_leaf();
    }
  }
  double sum() const noexcept { return pieces_.sum(leaves_.leaves == 0 ? rest_ : leaves_.sum()); }

 private:
  void add_leaf(double sum) noexcept {
    leaves_.push(sum);
    if (leaves_.leaves * leaf_size < exec::piece) return;
    pieces_.push(leaves_.sum());
    leaves_ = {};
  }
  // Adds the lanes pairwise: 8 apart, 4, 2, 1.
  void close_leaf() noexcept {
    for (std::size_t apart = exec::group / 2; apart != 0; apart /= 2)
      for (std::size_t j = 0; j < apart; ++j)
        lanes_[j] = exec::Tree::add(lanes_[j], lanes_[j + apart]);
    add_leaf(lanes_[0]);
    lanes_ = {};
  }

  std::size_t all_;
  exec::Tree pieces_{}, leaves_{};  // leaves of a piece that is not complete
  std::array<double, exec::group> lanes_{};
  double rest_ = 0;
};

/// What a rule that measures gets, where each rank has a part of the elements: `streams` are this
/// rank's. Every rank must call it with the same terms.
template <class Streams, Comm C, Executor E, class Plan = ShardPlan>
struct SumOverRanks {
  static constexpr std::size_t span = 0;
  const Streams& streams;
  const Plan& plan;
  C& comm;
  const E& run;

  template <class K>
  std::array<double, K::count> operator()(const K& terms) const {
    static_assert(MeasureTerms<K, typename Streams::T, Streams::slot_count>,
                  "gradus: a measure's terms must be callable as terms(p, g, slots) while they are "
                  "const, and return std::array<Product<V>, count>");
    using Sums = std::array<double, K::count>;
    struct Branch {
      Shard shard;
      std::size_t begin, end;
    };
    std::vector<Branch> branches;
    std::vector<std::size_t> counts(plan.ranks()), at(plan.ranks());
    each([&](const Shard& shard, std::size_t begin, std::size_t end) {
      ++counts[shard.owner];
      if (shard.owner == comm.rank()) branches.push_back({shard, begin, end});
    });
    std::vector<Sums> mine(branches.size());
    const auto sum = [&](std::size_t i) noexcept {
      const Branch& b = branches[i];
      Streams here = streams;
      here.first = b.shard.begin - b.shard.local;
      const std::size_t begin = b.begin - b.shard.begin + b.shard.local;
      simd::dispatch(streams.isa,
                     exec::Sum<Streams, K>{here, begin, begin + (b.end - b.begin), terms, mine[i]});
    };
    if (branches.size() < 2)
      seq(branches.size(), sum);
    else
      run(branches.size(), sum);

    std::size_t total = 0;
    for (std::size_t r = 0; r < counts.size(); ++r) {
      at[r] = total;
      total += counts[r];
      counts[r] *= sizeof(Sums);
    }
    std::vector<Sums> all(total);
    gather(comm, std::span<const Sums>(mine), mine, all, counts);
    std::vector<SumOfBranches> sums(K::count, SumOfBranches(plan.elements()));
    each([&](const Shard& shard, std::size_t begin, std::size_t end) {
      const Sums& of_branch = all[at[shard.owner]++];
      for (std::size_t m = 0; m < K::count; ++m) sums[m].add(begin, end, of_branch[m]);
    });
    Sums result{};
    for (std::size_t m = 0; m < K::count; ++m) result[m] = sums[m].sum();
    return result;
  }

 private:
  /// f(shard, begin, end) for every branch of every rank, in the order of the elements.
  template <class F>
  void each(const F& f) const {
    for (const Shard& shard : plan.shards())
      each_branch(shard.begin, shard.end, plan.elements(),
                  [&](std::size_t begin, std::size_t end) { f(shard, begin, end); });
  }
};

}}}  // namespace gradus::GRADUS_ABI::detail
