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
  void add(const SumBranch& branch, exec::ListOf<exec::View> views, const E& run) {
    open(branch, exec::total(views));
    add_part<G>(views, run);
    close();
  }
  /// The same in parts: after `open`, each element is added once; then `close`. Meanwhile there are
  /// already as many sums as afterwards.
  void open(const SumBranch& branch, std::size_t size) {
    opened_ = branch, joins_ = 0;
    for (; joins_ < count_ && halves(branches_[count_ - 1 - joins_], opened_); ++joins_)
      opened_ = {opened_.index / 2, opened_.level + 1};
    if (joins_ == 0) {
      if (count_ == sums_.size()) sums_.emplace_back(), branches_.emplace_back();
      sums_[count_].resize(size);
    }
    count_after_ = count_ + 1 - joins_;
  }
  template <Element G, Executor E>
  void add_part(exec::ListOf<exec::View> views, const E& run) {
    if (views.empty()) return;
    const std::size_t begin = views[0].begin, end = exec::total(views);
    std::vector<T>& sum = sums_[joins_ == 0 ? count_ : count_ - 1];
    for (exec::View& v : views) v.p = sum.data() + v.begin;
    const auto streams = exec::gradients<T, G>(views, 1);
    if (joins_ == 0) return exec::sweep_pieces(streams, begin, end, PutGradient{}, run);
    exec::sweep_pieces(streams, begin, end, AddGradient{}, run);
    for (std::size_t k = count_ - 1; k >= count_after_; --k) add_to_left(k, begin, end, run);
  }
  void close() noexcept {
    count_ = count_after_;
    branches_[count_ - 1] = opened_;
  }
  /// How many sums there are when the branch that is open will be closed.
  std::size_t count_after() const noexcept { return count_after_; }
  std::size_t count() const noexcept { return count_; }
  std::span<const T> sum(std::size_t k) const noexcept { return sums_[k]; }
  /// The sum of all; nothing where there is none.
  template <Executor E>
  std::span<const T> total(const E& run) {
    for (; count_ > 1; --count_) add_to_left(count_ - 1, 0, sums_[0].size(), run);
    return count_ == 0 ? std::span<const T>{} : std::span<const T>(sums_[0]);
  }
  void clear() noexcept { count_ = 0; }

 private:
  static bool halves(const SumBranch& a, const SumBranch& b) noexcept {
    return a.level == b.level && a.index % 2 == 0 && b.index == a.index + 1;
  }
  /// Adds elements [begin, end) of sum k to those of the sum before it.
  template <Executor E>
  void add_to_left(std::size_t k, std::size_t begin, std::size_t end, const E& run) {
    const exec::View view{sums_[k - 1].data() + begin, sums_[k].data() + begin, end - begin, begin};
    exec::sweep_pieces(exec::gradients<T, T>({&view, 1}, 1), begin, end, AddGradient{}, run);
  }

  std::vector<SumBranch> branches_{};
  std::vector<std::vector<T>> sums_{};  // more than `count_` of them have been used before
  std::size_t count_ = 0;
  SumBranch opened_{};  // what will be there of the branch that is open
  std::size_t joins_ = 0, count_after_ = 0;
};

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
