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

/// The spans whose gradients are known.
class KnownSpans {
 public:
  explicit KnownSpans(std::size_t spans) : known_(spans), first_(spans) {}
  /// From this span on all are known.
  std::size_t first() const noexcept { return first_; }
  std::size_t spans() const noexcept { return known_.size(); }
  bool has(std::size_t span) const { return known_[span]; }
  std::size_t add(std::size_t span) {
    known_[span] = true;
    while (first_ > 0 && known_[first_ - 1]) --first_;
    return first_;
  }

 private:
  std::vector<bool> known_;
  std::size_t first_;
};

template <Comm C, Real T>
class GradientExchange {
 public:
  GradientExchange(const C& comm, const ShardPlan& plan)
      : me_(comm.rank()), ranks_(comm.size()), rounds_(rounds_of(plan, most_at_once)) {}
  GradientExchange(GradientExchange&&) = default;
  /// What nobody has waited for, because of an exception, keeps its memory: other ranks may still
  /// write to it, and may never come, so that this cannot wait.
  ~GradientExchange() {
    if (!transfers_.empty()) keep(std::move(transfers_));
  }
  std::span<const Round> rounds() const noexcept { return rounds_; }

  /// Begins a reduction of so many micro-batches on all ranks.
  void begin(std::size_t micro_batches) {
    branches_.clear();
    for (std::size_t r = 0; r < ranks_; ++r)
      branches_.push_back(branches_of(micro_batches_of(r, ranks_, micro_batches)));
    started_ = 0;
  }
  /// Starts the rounds that have no element before `first`: this rank's branches of type X are sent
  /// as type W.
  template <Element W, Element X>
  void start(C& comm, std::span<const BranchViews> branches, std::size_t first) {
    const auto behind = [&](const Round& round) {
      return std::all_of(round.of.begin(), round.of.end(), [&](const Slice& slice) {
        return slice.size() == 0 || slice.begin >= first;
      });
    };
    while (started_ < rounds_.size() && behind(rounds_[started_])) start_next<W, X>(comm, branches);
  }
  /// Does what is left of it. The sums that this rank owns are written to `place(element)` and
  /// behind.
  template <Element W, Element X, class E, class Place>
  void finish(C& comm, std::span<const BranchViews> branches, const E& run, const Place& place) {
    for (std::size_t i = 0; i < rounds_.size(); ++i) {
      while (started_ < rounds_.size() && started_ < i + 2)  // one is sent while one is added
        start_next<W, X>(comm, branches);
      comm.wait(std::move(transfers_[0].request));
      add<W>(rounds_[i], transfers_[0], run, place);
      drop_first();
    }
  }
  /// Waits for what has been started, and forgets it.
  void drain(C& comm) {
    for (; !transfers_.empty(); drop_first()) comm.wait(std::move(transfers_[0].request));
  }

 private:
  static constexpr std::size_t most_at_once = std::size_t{1} << 22;  // elements in a round

  struct Transfer {
    std::vector<std::byte> out{}, in{};
    std::vector<std::size_t> out_sizes{}, in_sizes{};
    decltype(std::declval<C&>().start_all_to_all({}, {})) request{};
  };

  void drop_first() {
    unused_.push_back(std::move(transfers_[0]));
    transfers_.erase(transfers_.begin());
  }
  template <Element W, Element X>
  void start_next(C& comm, std::span<const BranchViews> branches) {
    const Round& round = rounds_[started_++];
    if (unused_.empty()) unused_.emplace_back();
    transfers_.push_back(std::move(unused_.back()));
    unused_.pop_back();
    Transfer& t = transfers_.back();
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
  void add(const Round& round, const Transfer& t, const E& run, const Place& place) {
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
  std::vector<Transfer> transfers_{}, unused_{};    // those under way, in order; and memory
  std::size_t started_ = 0;                         // rounds
  TreeOfSums<T> sums_{};
};

}}}  // namespace gradus::GRADUS_ABI::detail
