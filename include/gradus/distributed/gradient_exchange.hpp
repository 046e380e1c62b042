// optional header
// The reduction of gradients: each rank gets the sum of those that it owns.
//
// Every rank sends the sums of its branches of the tree of micro-batches to the owners of the
// elements, which add them in the order of the tree: the same bytes as a reduce-scatter of a
// communication library where each rank has one branch, and the same bits for any number of ranks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <gradus/distributed/comm.hpp>
#include <gradus/distributed/micro_batches.hpp>
#include <gradus/distributed/rounds.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/exec/streams.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The sum of a branch, as views whose `g` points to it.
using BranchViews = std::vector<exec::View>;

template <Comm C, Real T>
class GradientExchange {
 public:
  GradientExchange(const C& comm, const ShardPlan& plan)
      : me_(comm.rank()), ranks_(comm.size()), rounds_(rounds_of(plan, most_at_once)) {}
  std::span<const Round> rounds() const noexcept { return rounds_; }

  /// Sums the branches of all ranks, this rank's of type X, which are sent as type W. The sums that
  /// this rank owns are written to `place(element)` and behind.
  template <Element W, Element X, class E, class Place>
  void reduce(C& comm, std::span<const BranchViews> branches, std::size_t micro_batches,
              const E& run, const Place& place) {
    branches_.clear();
    for (std::size_t r = 0; r < ranks_; ++r)
      branches_.push_back(branches_of(micro_batches_of(r, ranks_, micro_batches)));
    // A round is sent while the one before it is added.
    for (std::size_t i = 0; i <= rounds_.size(); ++i) {
      if (i < rounds_.size()) start<W, X>(comm, rounds_[i], branches, transfers_[i % 2]);
      if (i > 0) finish<W>(comm, rounds_[i - 1], transfers_[(i - 1) % 2], run, place);
    }
  }

 private:
  static constexpr std::size_t most_at_once = std::size_t{1} << 22;  // elements in a round

  struct Transfer {
    std::vector<std::byte> out{}, in{};
    std::vector<std::size_t> out_sizes{}, in_sizes{};
    decltype(std::declval<C&>().start_all_to_all({}, {})) request{};
  };

  template <Element W, Element X>
  void start(C& comm, const Round& round, std::span<const BranchViews> branches, Transfer& t) {
    const auto bytes = [&](std::size_t r) { return padded(round.of[r].size() * sizeof(W)); };
    t.out_sizes.resize(ranks_), t.in_sizes.resize(ranks_);
    std::size_t out = 0, in = 0;
    for (std::size_t r = 0; r < ranks_; ++r) {
      out += t.out_sizes[r] = bytes(r) * branches.size();
      in += t.in_sizes[r] = bytes(me_) * branches_[r].size();
    }
    t.out.resize(out), t.in.resize(in);
    std::byte* to = t.out.data();
    for (std::size_t r = 0; r < ranks_; ++r)
      for (const BranchViews& views : branches) {
        pack<W, X>(views, round.of[r], to);
        to += bytes(r);
      }
    t.request = comm.start_all_to_all({t.out.data(), t.out_sizes}, {t.in.data(), t.in_sizes});
  }
  template <Element W, class E, class Place>
  void finish(C& comm, const Round& round, Transfer& t, const E& run, const Place& place) {
    comm.wait(std::move(t.request));
    const Slice& slice = round.of[me_];
    if (slice.size() == 0) return;
    sums_.clear();
    const std::byte* from = t.in.data();
    for (const std::vector<SumBranch>& of_rank : branches_)
      for (const SumBranch& branch : of_rank) {
        exec::View view{nullptr, from, slice.size(), 0};
        sums_.template add<W>(branch, {&view, 1}, run);
        from += padded(slice.size() * sizeof(W));
      }
    const std::span<const T> total = sums_.total(run);
    std::copy(total.begin(), total.end(), place(slice.begin));
  }

  std::size_t me_, ranks_;
  std::vector<Round> rounds_;
  std::vector<std::vector<SumBranch>> branches_{};  // of each rank
  Transfer transfers_[2]{};
  TreeOfSums<T> sums_{};
};

}}}  // namespace gradus::GRADUS_ABI::detail
