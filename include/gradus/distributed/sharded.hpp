// optional header
// An optimizer whose state and work are divided among ranks.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/concept/schedule.hpp>
#include <gradus/distributed/agreement.hpp>
#include <gradus/distributed/comm.hpp>
#include <gradus/distributed/gradient_exchange.hpp>
#include <gradus/distributed/micro_batches.hpp>
#include <gradus/distributed/own_part.hpp>
#include <gradus/distributed/rounds.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/distributed/sum_over_ranks.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/exec/apply.hpp>
#include <gradus/memory/views.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/step/result.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// An optimizer of which every rank has a part: it steps its own elements with its own state, and
/// then every rank gets all parameters (ZeRO-1).
///
///   gradus::Sharded opt{comm, gradus::Cosine{...}, gradus::AdamW{}, params};
///   opt.step(params, grads, {.scale = 1.0 / comm.size()});  // the gradients of every rank, summed
///
/// or with several micro-batches on a rank, which are numbered over all ranks:
///
///   const gradus::MicroBatches mine = opt.micro_batches(12);
///   for (std::size_t k = mine.first; k < mine.last; ++k) opt.add(gradients_of(k));
///   opt.step(params, {.scale = 1.0 / 12});
///
/// The bits are those of one process that has all micro-batches, for every number of ranks: the
/// micro-batches are summed by a fixed tree over their number, sums over all elements (`ClipNorm`)
/// by the tree of gradus, and what is drawn at random depends on the place of an element among all.
/// Every rank makes the same calls with the same arguments; only the gradients differ. A step
/// overwrites the parameters that a rank does not own.
///
/// Errors: as `Optimizer`. Ranks compare rule, schedule, parameters and plan at construction, and
///   step, rate and options at every step; if they differ, every rank refuses with one sentence.
/// Cost: of N elements and d ranks, a rank has the state of N / d. Sent per rank and step: the
///   gradients and the parameters, each (d - 1) / d times, and one double for 2^15 elements where
///   the rule measures. Memory: the gradients of N / d elements, and some buffers of 2^22
///   elements; after `ready`, copies of all gradients sent and received.
template <Comm C, ScheduleArgument S, class R, Element P = float>
  requires Rule<R, arithmetic_t<P>>
class Sharded {
  static_assert(!MatrixRule<R, arithmetic_t<P>>,
                "gradus::Sharded divides elements, and a rule for matrices takes whole matrices: "
                "give each process an Optimizer of some of the matrices");

  using T = arithmetic_t<P>;
  using Kernel = kernel_t<R, T>;
  static constexpr const char* name = "Sharded";

 public:
  using value_type = P;
  static constexpr bool whole_spans = HasForSpan<Kernel>;

  /// For these parameters, one span or a list of spans, the same on every rank.
  template <SpanArgument<P> Params>
  Sharded(C& comm, S s, R r, Params&& params, const Sharding& sharding = {})
      : comm_(comm),
        sharding_(sharding),
        part_(comm, params, sharding, whole_spans),
        exchange_(comm, plan()),
        own_(std::move(s), std::move(r), part_.spans(params), NonFinite::propagate) {
    if (sharding.bfloat16_gradients && !std::same_as<T, float>)
      refuse("gradus::Sharded.bfloat16_gradients must be false for parameters in double");
    gradients_.resize(own_.size());
    detail::check_same_parts(comm_, own_, part_.layout());
    detail::check_same_params<P>(comm_, part_.layout());
    detail::check_same(comm_, "Sharded.sharding", part_.text(sharding));
    sharding_.costs = {};
  }

  /// The micro-batches that this rank is to add for the next step, of so many on all ranks.
  MicroBatches micro_batches(std::size_t all) {
    tree_.clear();
    all_micro_batches_ = all;
    const MicroBatches mine = detail::micro_batches_of(comm_.rank(), comm_.size(), all);
    next_ = mine.first;
    return mine;
  }
  /// Adds the gradients of the next of them.
  template <GradientsFor<T> Grads, Executor E = Seq>
  void add(const Grads& grads, const E& run = {}) {
    using G = detail::value_t<const Grads>;
    if (next_ >= detail::micro_batches_of(comm_.rank(), comm_.size(), all_micro_batches_).last)
      refuse(detail::Sentence() << "gradus::Sharded.add must be called once for each micro-batch "
                                   "that micro_batches() has given to this rank");
    part_.template take_grads<G>(grads);
    tree_.template add<G>({next_++, 0}, part_.layout(), run);
  }
  /// Makes one update with the sum of all micro-batches.
  template <SpanArgument<P> Params, Executor E = Seq>
  StepResult step(Params&& params, const StepOptions& options = {}, const E& run = {}) {
    const auto sums = [&] {
      if (!early_.empty())
        refuse("gradus::Sharded.step must get the gradients that ready() has got");
      const auto mine = detail::micro_batches_of(comm_.rank(), comm_.size(), all_micro_batches_);
      if (next_ != mine.last || all_micro_batches_ == 0)
        refuse(detail::Sentence() << "gradus::Sharded.step must come after an add of every "
                                     "micro-batch that micro_batches() has given to this rank");
      std::vector<detail::BranchViews> branches(tree_.count());
      for (std::size_t k = 0; k < branches.size(); ++k)
        branches[k] = {{nullptr, tree_.sum(k).data(), size(), 0}};
      return branches;
    };
    const StepResult result = update<T>(params, sums, all_micro_batches_, options, run);
    tree_.clear();
    all_micro_batches_ = 0;
    return result;
  }
  /// Makes one update with the sum of the gradients of all ranks: one micro-batch on each.
  template <SpanArgument<P> Params, GradientsFor<T> Grads, Executor E = Seq>
  StepResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                  const E& run = {}) {
    using G = detail::value_t<const Grads>;
    const auto sums = [&] {
      std::vector<detail::BranchViews> taken = take<G>(grads);
      if (!early_.empty() && start_early_ != &Sharded::template start<G>)
        refuse("gradus::Sharded.grads must be of the type that ready() has got");
      for (std::size_t j = 0; !early_.empty() && j < spans(); ++j)
        if (taken[0][j].g != early_[0][j].g)
          refuse(detail::Sentence() << "gradus::Sharded.grads[" << j
                                    << "] must be where it was when ready() was called");
      return taken;
    };
    return update<G>(params, sums, comm_.size(), options, run);
  }
  /// Says that the gradients of a span are known, while the others are still computed, from the
  /// last span to the first: one micro-batch on each rank. With `Sharding::buckets` they are sent
  /// meanwhile. `step` then gets the same gradients. Every rank calls it for the same spans.
  template <GradientsFor<T> Grads>
  void ready(const Grads& grads, std::size_t span) {
    using G = detail::value_t<const Grads>;
    if (span >= spans())
      refuse({name, "ready", "must be below the number of spans", static_cast<double>(span)});
    if (!early_.empty() && start_early_ != &Sharded::template start<G>)
      refuse("gradus::Sharded.ready must get gradients of one type in a step");
    if (early_.empty()) {
      std::vector<detail::BranchViews> taken;
      const std::string refusal = detail::refusal([&] { taken = take<G>(grads); });
      detail::agreed_to_skip(comm_, refusal, {.t = steps()}, {}, static_cast<double>(comm_.size()),
                             sizeof(G), true, [] {});
      early_ = std::move(taken);
      start_early_ = &Sharded::template start<G>;
      exchange_.begin(comm_.size());
      known_ = detail::KnownSpans(spans());
    }
    if (known_.add(span) < spans()) (this->*start_early_)(part_.layout()[known_.first()].begin);
  }

  double rate(Length position = {}) const { return own_.rate(position); }
  step_t steps() const noexcept { return own_.steps(); }
  void seek(Length t) { own_.seek(t); }
  const S& schedule() const noexcept { return own_.schedule(); }
  const R& rule() const noexcept { return own_.rule(); }
  NonFinite non_finite() const noexcept { return sharding_.non_finite; }
  /// The elements on all ranks.
  std::size_t size() const noexcept { return plan().elements(); }
  std::size_t spans() const noexcept { return part_.layout().size(); }
  C& comm() const noexcept { return comm_; }
  /// Which rank has which elements; of a replicated optimizer, which rank sums which gradients.
  const ShardPlan& plan() const noexcept { return part_.plan(); }
  bool replicated() const noexcept { return sharding_.replicated; }

  /// This rank's part, for the rest of the library: an optimizer of the elements that it owns, and
  /// where they are among all. Not for users.
  Optimizer<S, R, P>& own() noexcept { return own_; }
  const Optimizer<S, R, P>& own() const noexcept { return own_; }
  detail::OwnPart<P>& part() noexcept { return part_; }
  const detail::OwnPart<P>& part() const noexcept { return part_; }
  /// Gives every rank the parameters of all others.
  template <class Params>
  void gather(Params& params) {
    part_.take_params(params);
    if (!replicated()) detail::gather_all<P>(comm_, exchange_.rounds(), part_.layout(), buffers_);
  }

 private:
  template <Element G, class Grads>
  std::vector<detail::BranchViews> take(const Grads& grads) {
    part_.template take_grads<G>(grads);
    return {{part_.layout().begin(), part_.layout().end()}};
  }
  /// Calls f<W>() with the type as which gradients of type X are sent.
  template <Element X, class F>
  void as_sent(const F& f) {
    using Short = std::conditional_t<std::same_as<T, float>, bfloat16, X>;
    sharding_.bfloat16_gradients ? f.template operator()<Short>() : f.template operator()<X>();
  }
  /// Starts what `ready` has said is known.
  template <Element X>
  void start(std::size_t first) {
    as_sent<X>([&]<class W>() { exchange_.template start<W, X>(comm_, early_, first); });
  }
  /// Sums the branches of all ranks, of which `sums()` gives this rank's, of type X.
  template <Element X, class E>
  StepResult update(auto& params, const auto& sums, std::size_t micro_batches,
                    const StepOptions& options, const E& run) {
    auto& core = own_.core();
    Context context;
    std::vector<std::span<P>> spans;
    std::vector<detail::BranchViews> branches;
    const std::string refusal = detail::refusal([&] {
      spans = part_.spans(params);
      part_.check_overlap();
      branches = sums();
      context = core.check_context(name, core.rule_now(options), options);
    });
    const bool early = !early_.empty();
    if (early) (this->*start_early_)(0);
    const bool skip =
        detail::agreed_to_skip(comm_, refusal, context, options, static_cast<double>(micro_batches),
                               sizeof(X), early, [&] { exchange_.drain(comm_), early_.clear(); });
    if (!early) exchange_.begin(micro_batches);
    early_.clear();
    const auto& now = core.rule_now(options);
    const StepResult skipped{context.t, context.rate, false};
    if (skip) {
      exchange_.drain(comm_);
      return skipped;
    }
    as_sent<X>([&]<class W>() { reduce<W, X>(branches, run); });
    const auto grads = detail::cut(std::span<const T>(gradients_), spans);
    core.template check_spans<T>(name, spans, grads);
    core.state.check_overlap(name);
    const auto streams = core.template state_streams<T>(options.scale);
    if (!detail::finite_everywhere(comm_, streams, non_finite())) return skipped;

    if (replicated()) {
      core.update(now, context, streams, run);
    } else {
      const auto kernel =
          gradus::prepare<T>(now, context, Scalars<R>{core.state.scalars().data(), scalar_count<R>},
                             detail::SumOverRanks<std::remove_const_t<decltype(streams)>, C, E>{
                                 streams, plan(), comm_, run});
      const std::span<double> scalars = core.state.span_scalars();
      for (const detail::OwnRun& r : part_.runs()) {
        auto part = streams;
        part.views = streams.views.subspan(r.view, r.count);
        part.first = r.first;
        constexpr std::size_t count = span_scalar_count<R>;
        exec::sweep_spans(part, kernel, scalars.subspan(count * r.view, count * r.count), run,
                          r.span, part.views[0].begin);
      }
      detail::gather_all<P>(comm_, exchange_.rounds(), part_.layout(), buffers_);
    }
    core.count();
    return {context.t, context.rate, true};
  }

  /// Sums the gradients that this rank owns, all of them if replicated, sent as type W.
  template <Element W, Element X, class E>
  void reduce(std::span<const detail::BranchViews> branches, const E& run) {
    exchange_.template finish<W, X>(comm_, branches, run, [&](std::size_t element) {
      return gradients_.data() + part_.place(element);
    });
    if (!replicated()) return;
    const exec::View all{gradients_.data(), nullptr, gradients_.size(), 0};
    detail::gather_all<T>(comm_, exchange_.rounds(), {&all, 1}, buffers_);
  }

  C& comm_;
  Sharding sharding_;
  detail::OwnPart<P> part_;
  detail::GradientExchange<C, T> exchange_;
  Optimizer<S, R, P> own_;
  std::vector<T> gradients_{};  // the sums that belong to the parameters of `own_`
  detail::TreeOfSums<T> tree_{};
  detail::GatherBuffers buffers_{};
  std::size_t all_micro_batches_ = 0, next_ = 0;
  std::vector<detail::BranchViews> early_{};  // the gradients, once `ready` was called for a step
  void (Sharded::*start_early_)(std::size_t) = nullptr;  // start<G>, for their type
  detail::KnownSpans known_{0};
};

template <class C, class S, class R, class Params>
Sharded(C&, S, R, Params&&, Sharding = {}) -> Sharded<C, S, R, detail::number_t<Params>>;

}}  // namespace gradus::GRADUS_ABI
