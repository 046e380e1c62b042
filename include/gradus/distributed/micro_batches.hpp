// optional header
// The sum of the gradients of micro-batches by a binary tree over their number, so that its bits do
// not depend on which rank has which of them.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/exec/apply.hpp>
#include <gradus/exec/gradients.hpp>
#include <gradus/training/accumulator.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The micro-batches [first, last) of a step.
struct MicroBatches {
  std::size_t first = 0, last = 0;
  std::size_t size() const noexcept { return last - first; }
};

namespace detail {

/// A branch of the tree: micro-batches [index * 2^level, (index + 1) * 2^level).
struct SumBranch {
  std::size_t index = 0, level = 0;
};

/// The micro-batches of one of several ranks: neighbours, and as many as of the others.
constexpr MicroBatches micro_batches_of(std::size_t rank, std::size_t ranks, std::size_t all) {
  return {all * rank / ranks, all * (rank + 1) / ranks};
}
/// The branches that a rank sums by itself, in order.
inline std::vector<SumBranch> branches_of(const MicroBatches& mine) {
  std::vector<SumBranch> r;
  for (std::size_t at = mine.first; at < mine.last;) {
    std::size_t level = 0;
    while ((at >> level) % 2 == 0 && at + (std::size_t{2} << level) <= mine.last) ++level;
    r.push_back({at >> level, level});
    at += std::size_t{1} << level;
  }
  return r;
}

/// Branches that are added in the order of their micro-batches, and summed where two are the halves
/// of a larger one.
template <Real T>
class TreeOfSums {
 public:
  /// Adds a branch, whose sum `g` of the views points to. The views are of all elements.
  template <Element G, Executor E>
  void add(const SumBranch& branch, std::span<exec::View> views, const E& run) {
    const std::size_t size = exec::total(views);
    const bool joins = count_ != 0 && halves(branches_[count_ - 1], branch);
    if (!joins) {
      if (count_ == sums_.size()) sums_.emplace_back(), branches_.emplace_back();
      sums_[count_].resize(size);
      branches_[count_++] = branch;
    }
    for (exec::View& v : views) v.p = sums_[count_ - 1].data() + v.begin;
    const auto streams = exec::gradients<T, G>(views, 1);
    if (!joins) {
      exec::sweep_pieces(streams, 0, size, PutGradient{}, run);
      return;
    }
    exec::sweep_pieces(streams, 0, size, AddGradient{}, run);
    joined();
    while (count_ > 1 && halves(branches_[count_ - 2], branches_[count_ - 1])) {
      add_last(run);
      joined();
    }
  }
  std::size_t count() const noexcept { return count_; }
  std::span<const T> sum(std::size_t k) const noexcept { return sums_[k]; }
  /// The sum of all; nothing where there is none.
  template <Executor E>
  std::span<const T> total(const E& run) {
    while (count_ > 1) add_last(run);
    return count_ == 0 ? std::span<const T>{} : std::span<const T>(sums_[0]);
  }
  void clear() noexcept { count_ = 0; }

 private:
  static bool halves(const SumBranch& a, const SumBranch& b) noexcept {
    return a.level == b.level && a.index % 2 == 0 && b.index == a.index + 1;
  }
  void joined() noexcept {
    SumBranch& last = branches_[count_ - 1];
    last = {last.index / 2, last.level + 1};
  }
  /// Adds the last branch to the one before it.
  template <Executor E>
  void add_last(const E& run) {
    std::vector<T>&left = sums_[count_ - 2], &right = sums_[count_ - 1];
    const exec::View view{left.data(), right.data(), left.size(), 0};
    exec::sweep_pieces(exec::gradients<T, T>({&view, 1}, 1), 0, left.size(), AddGradient{}, run);
    --count_;
  }

  std::vector<SumBranch> branches_{};
  std::vector<std::vector<T>> sums_{};  // more than `count_` of them have been used before
  std::size_t count_ = 0;
};

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
