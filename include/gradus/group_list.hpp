// Parameter groups of one type, of which there are as many as the program finds out.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/parts.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/optimizer/together.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Optimizers of one type, as many as there are layers, in one step: as `Groups`.
///
/// `step(params, grads)` takes a list of all their spans, in the groups' order, or a list with one
/// item for each group, a list of its spans. Groups are added and removed at any time; the others'
/// state stays.
/// Errors: as `Groups`; lists of another size than there are groups.
/// Cost: allocations in `add`, none in `step`.
template <class O>
class GroupList : public detail::Together<O> {
  using Base = detail::Together<O>;
  using P = typename O::value_type;

 public:
  using Base::size;
  GroupList() : Base("GroupList", std::nullopt) {}
  explicit GroupList(const ClipNorm& clip) : Base("GroupList", clip) {}

  /// Adds a group behind the others. O(its spans), taken over many calls.
  void add(O optimizer) {
    spans_ += optimizer.spans();
    reserve(size() + 1, spans_);
    optimizers_.push_back(std::move(optimizer));
    add_group();
  }
  /// Removes group k; those behind it move up.
  void remove(std::size_t k) {
    optimizers_.erase(optimizers_.begin() + static_cast<std::ptrdiff_t>(checked(k, "remove")));
    remove_group(k);
    spans_ = 0;
    for (const O& o : optimizers_) spans_ += o.spans();
  }

  /// Makes one update of every group that is not frozen.
  template <class Params, class Grads, Executor E = Seq>
    requires detail::ItemsFit<P, Params, const Grads>
  GroupsResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                    const E& run = {}) {
    using G = detail::value_t<decltype(*std::begin(grads))>;
    const auto each = [&](const auto& f) {
      for (std::size_t k = 0; k < size(); ++k) f(k, optimizers_[k]);
    };
    return this->template step_parts<detail::Alike<P, G>>(
        each, in_groups<P>("params", params, each), in_groups<const G>("grads", grads, each),
        options, run);
  }
  template <class Params, class Grads, class E = Seq>
    requires(!detail::ItemsFit<P, Params, const Grads>)
  GroupsResult step(Params&&, const Grads&, const StepOptions& = {}, const E& = {}) {
    return detail::explain<GroupsResult, detail::AsItems<P, Params, const Grads>>();
  }

  O& operator[](std::size_t k) { return optimizers_[checked(k, "[]")]; }
  const O& operator[](std::size_t k) const { return optimizers_[checked(k, "[]")]; }
  double rate(std::size_t k, Length position = {}) const { return (*this)[k].rate(position); }

 private:
  using Base::add_group, Base::checked, Base::remove_group, Base::reserve;
  // A list with an item for each group, item by item.
  template <class Iterator>
  struct Items {
    Iterator at;
    decltype(auto) next(std::size_t) { return *at++; }
  };
  template <class E, class List, class Each>
  auto in_groups(const char* what, List& list, const Each& each) const {
    if constexpr (SpanList<List&, E>) {
      return this->template in_parts<E>(what, list, each);
    } else {
      if (const std::size_t got = std::size(list); got != size())
        refuse(detail::Sentence() << "gradus::GroupList." << what << " must be a list of " << size()
                                  << " items, one for each group (got " << got << ")");
      return Items<decltype(std::begin(list))>{std::begin(list)};
    }
  }

  std::vector<O> optimizers_;
  std::size_t spans_ = 0;  // that there is room for
};

}}  // namespace gradus::GRADUS_ABI
