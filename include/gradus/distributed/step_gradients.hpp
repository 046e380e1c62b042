// optional header
// The gradients of a step: those of micro-batches are added up on a rank, sent when they are known,
// and summed over all ranks.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/distributed/agreement.hpp>
#include <gradus/distributed/comm.hpp>
#include <gradus/distributed/gradient_exchange.hpp>
#include <gradus/distributed/micro_batches.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/exec/seq.hpp>
#include <gradus/memory/views.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

template <Comm C, Real T>
class StepGradients {
 public:
  StepGradients(const C& comm, const ShardPlan& plan, bool as_bfloat16)
      : rank_(comm.rank()), ranks_(comm.size()), as_bfloat16_(as_bfloat16), exchange_(comm, plan) {}

  std::span<const Round> rounds() const noexcept { return exchange_.rounds(); }
  /// How many micro-batches the step has on all ranks, if they are added.
  std::size_t added() const noexcept { return all_; }
  /// Begins a step of so many micro-batches on all ranks.
  MicroBatches expect(std::size_t all) {
    if (early_ == Early::added)
      refuse("gradus::Sharded.micro_batches must not be called between ready() and step()");
    forget(all);
    return mine();
  }
  /// Adds the gradients, those of the layout of `part`, of the next micro-batch.
  template <Element G, class Part, class Grads, Executor E>
  void add(Part& part, const Grads& grads, const E& run) {
    if (next_ >= mine().last || early_ == Early::added)
      refuse(Sentence() << "gradus::Sharded.add must be called once for each micro-batch that "
                           "micro_batches() has given to this rank");
    part.template take_grads<G>(grads);
    tree_.template add<G>({next_++, 0}, part.layout(), run);
  }
  /// The gradients of a span are known: of the only micro-batch of this rank, or of the last one.
  template <Element G, class Part, class Grads>
  void ready(C& comm, Part& part, const Grads& grads, std::size_t span, step_t t) {
    const auto check = [&] {
      if (span >= part.layout().size())
        refuse(
            {"Sharded", "ready", "must be below the number of spans", static_cast<double>(span)});
      part.template take_grads<G>(grads);
    };
    if (early_ == Early::no) {
      begin_early<G>(comm, part, t, refusal(check));
    } else {
      check();
      if (early_ == Early::sent && start_ != &StepGradients::template start<G>)
        refuse("gradus::Sharded.ready must get gradients of one type in a step");
    }
    if (known_.has(span))
      refuse(Sentence() << "gradus::Sharded.ready must be called once for each span in a step (got "
                        << span << " twice)");
    if (early_ == Early::added && mine().size() != 0) {
      exec::View one = part.layout()[span];
      if (one.n != 0) tree_.template add_part<G>({&one, 1}, seq);
    }
    if (known_.add(span) < known_.spans()) start_known(comm, part.layout()[known_.first()].begin);
    if (early_ == Early::added && known_.first() == 0 && mine().size() != 0) tree_.close(), ++next_;
  }
  /// Whether `ready` was called for this step.
  bool early() const noexcept { return early_ != Early::no; }
  /// Starts what `ready` has left.
  void start_rest(C& comm) { start_known(comm, 0); }
  /// Waits for what has been started, and forgets it.
  void drain(C& comm) {
    exchange_.drain(comm);
    if (early_ == Early::added) forget(0);
    early_ = Early::no;
  }

  /// This rank's branches where micro-batches were added; refuses one that is missing.
  std::vector<BranchViews> of_added(std::size_t elements) {
    if (early_ == Early::sent)
      refuse("gradus::Sharded.step must get the gradients that ready() has got");
    if (next_ != mine().last || all_ == 0)
      refuse(Sentence() << "gradus::Sharded.step must come after an add of every micro-batch that "
                           "micro_batches() has given to this rank");
    return branches_of_tree(tree_.count(), elements);
  }
  /// The same for gradients of one micro-batch: refuses others than `ready` has got.
  template <Element G>
  std::vector<BranchViews> of_one(exec::Views layout) const {
    if (early_ == Early::added)
      refuse("gradus::Sharded.step must get no gradients after add() and ready()");
    if (early() && start_ != &StepGradients::template start<G>)
      refuse("gradus::Sharded.grads must be of the type that ready() has got");
    for (std::size_t j = 0; early() && j < layout.size(); ++j)
      if (layout[j].g != branches_[0][j].g)
        refuse(Sentence() << "gradus::Sharded.grads[" << j
                          << "] must be where it was when ready() was called");
    return {{layout.begin(), layout.end()}};
  }
  /// Sums the branches of all ranks, of which this rank has these, of type X. What it owns of the
  /// sums is written to `place(element)` and behind.
  template <Element X, class E, class Place>
  void sum(C& comm, std::span<const BranchViews> branches, std::size_t micro_batches, const E& run,
           const Place& place) {
    if (!early()) exchange_.begin(micro_batches);
    early_ = Early::no;
    as_sent<X>([&]<class W>() { exchange_.template finish<W, X>(comm, branches, run, place); });
  }

 private:
  // Whether `ready` was called for this step, and what is sent then: the gradients as they are, or
  // the sums to which they are added.
  enum class Early { no, sent, added };

  /// Forgets what was added; the next step is of so many.
  void forget(std::size_t all) noexcept {
    tree_.clear();
    all_ = all;
    next_ = mine().first;
  }
  MicroBatches mine() const noexcept { return micro_batches_of(rank_, ranks_, all_); }
  std::vector<BranchViews> branches_of_tree(std::size_t count, std::size_t elements) const {
    std::vector<BranchViews> r(count);
    for (std::size_t k = 0; k < count; ++k) r[k] = {{nullptr, tree_.sum(k).data(), elements, 0}};
    return r;
  }
  template <Element G>
  void begin_early(C& comm, auto& part, step_t t, std::string refused) {
    const bool adds = all_ != 0;
    if (adds && refused.empty() && mine().size() != 0 && next_ + 1 != mine().last)
      refused =
          "gradus::Sharded.ready must come after an add of every micro-batch but the last "
          "that micro_batches() has given to this rank";
    const std::size_t all = adds ? all_ : ranks_;
    agreed_to_skip(comm, refused, {.t = t}, {}, static_cast<double>(all),
                   adds ? sizeof(T) : sizeof(G), true, [] {});
    const exec::Views layout = part.layout();
    branches_.clear();
    if (!adds) {
      branches_ = {{layout.begin(), layout.end()}};
      start_ = &StepGradients::template start<G>;
    } else {
      start_ = &StepGradients::template start<T>;
      if (mine().size() != 0) {
        tree_.open({next_, 0}, exec::total(layout));
        branches_ = branches_of_tree(tree_.count_after(), exec::total(layout));
      }
    }
    early_ = adds ? Early::added : Early::sent;
    exchange_.begin(all);
    known_ = KnownSpans(layout.size());
  }
  /// Calls f<W>() with the type as which gradients of type X are sent.
  template <Element X, class F>
  void as_sent(const F& f) {
    using Short = std::conditional_t<std::same_as<T, float>, bfloat16, X>;
    as_bfloat16_ ? f.template operator()<Short>() : f.template operator()<X>();
  }
  template <Element X>
  void start(C& comm, std::size_t first) {
    as_sent<X>([&]<class W>() { exchange_.template start<W, X>(comm, branches_, first); });
  }
  /// Starts what lies behind element `first`.
  void start_known(C& comm, std::size_t first) { (this->*start_)(comm, first); }

  std::size_t rank_, ranks_;
  bool as_bfloat16_;
  GradientExchange<C, T> exchange_;
  TreeOfSums<T> tree_{};
  std::size_t all_ = 0, next_ = 0;  // micro-batches on all ranks; the next one of this rank
  Early early_ = Early::no;
  std::vector<BranchViews> branches_{};                      // that are sent early
  void (StepGradients::*start_)(C&, std::size_t) = nullptr;  // start<X>, for their type
  KnownSpans known_{0};
};

}}}  // namespace gradus::GRADUS_ABI::detail
