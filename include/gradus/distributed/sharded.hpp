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
#include <gradus/distributed/micro_batches.hpp>
#include <gradus/distributed/own_part.hpp>
#include <gradus/distributed/rounds.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/distributed/step_gradients.hpp>
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
///   Rules for matrices: whole matrices, divided by what their products cost.
template <Comm C, ScheduleArgument S, class R, Element P = float>
  requires Rule<R, arithmetic_t<P>>
class Sharded {
  using T = arithmetic_t<P>;
  static constexpr bool for_matrices = MatrixRule<R, T>;
  using OwnPart = detail::OwnPart<P, for_matrices>;
  static constexpr const char* name = "Sharded";
  struct Nothing {
    void operator()() const {}
  };

 public:
  using value_type = P;
  static constexpr bool whole_spans = for_matrices || HasForSpan<kernel_t<R, T>>;

  /// For these parameters, one span or a list of spans, the same on every rank.
  template <SpanArgument<P> Params>
  Sharded(C& comm, S s, R r, Params&& params, const Sharding& sharding = {})
      : comm_(comm),
        sharding_(sharding),
        part_(detail::made_together(comm, [&] { return make_part(r, params, sharding); })),
        gradients_(comm, plan(), sharding.bfloat16_gradients),
        own_(detail::made_together(comm, [&] {
          return Optimizer<S, R, P>(std::move(s), std::move(r), part_.spans(params));
        })) {
    sums_.resize(own_.size());
    detail::check_same_parts(comm_, own_, part_.layout(), part_.shapes());
    detail::check_same_params<P>(comm_, part_.layout());
    detail::check_same(comm_, "Sharded.sharding", part_.text(sharding));
    sharding_.costs = {};
  }

  /// The micro-batches that this rank is to add for the next step, of so many on all ranks.
  MicroBatches micro_batches(std::size_t all) { return gradients_.expect(all); }
  /// Adds the gradients of the next of them.
  template <GradientsFor<T> Grads, Executor E = Seq>
  void add(const Grads& grads, const E& run = {}) {
    gradients_.template add<detail::value_t<const Grads>>(part_, grads, run);
  }
  /// Makes one update with the sum of all micro-batches.
  template <SpanArgument<P> Params, Executor E = Seq>
  StepResult step(Params&& params, const StepOptions& options = {}, const E& run = {}) {
    return step_after(begin_step(params, options, run), options, run);
  }
  /// Makes one update with the sum of the gradients of all ranks: one micro-batch on each.
  template <SpanArgument<P> Params, GradientsFor<T> Grads, Executor E = Seq>
  StepResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                  const E& run = {}) {
    return step_after(begin_step(params, grads, options, run), options, run);
  }
  /// Says that the gradients of a span are known, while the others are still computed, from the
  /// last span to the first. With `Sharding::buckets` they are sent meanwhile. It is for the only
  /// micro-batch of each rank: `step` then gets the same gradients. Or, after `micro_batches` and
  /// `add` of all others, for the last one of this rank: `step(params)` then gets none. Every rank
  /// calls it for the same spans, also one that has no micro-batch.
  template <GradientsFor<T> Grads>
  void ready(const Grads& grads, std::size_t span) {
    gradients_.template ready<detail::value_t<const Grads>>(comm_, part_, grads, span, steps());
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
  OwnPart& part() noexcept { return part_; }
  const OwnPart& part() const noexcept { return part_; }
  /// Gives every rank the parameters of all others.
  template <class Params>
  void gather(Params& params) {
    part_.take_params(params);
    if (!replicated()) detail::gather_all<P>(comm_, gradients_.rounds(), part_.layout(), buffers_);
  }

  /// The two phases of a step, for groups of such optimizers. The first may refuse or skip it, and
  /// changes neither parameters, nor state, nor the counter. Where all ranks refuse it, each calls
  /// `before_refusal` first. Not for users.
  struct Begun {
    Context context{};
    bool allowed = false;
  };
  template <class Params, class E, class F = Nothing>
  Begun begin_step(Params& params, const StepOptions& options, const E& run,
                   const F& before_refusal = {}) {
    const std::size_t all = gradients_.added();
    const auto sums = [&] { return gradients_.of_added(size()); };
    const Begun r = begin<T>(params, sums, all, options, run, before_refusal);
    gradients_.expect(0);
    return r;
  }
  template <class Params, class Grads, class E, class F = Nothing>
  Begun begin_step(Params& params, const Grads& grads, const StepOptions& options, const E& run,
                   const F& before_refusal = {}) {
    using G = detail::value_t<const Grads>;
    const auto sums = [&] {
      part_.template take_grads<G>(grads);
      return gradients_.template of_one<G>(part_.layout());
    };
    return begin<G>(params, sums, comm_.size(), options, run, before_refusal);
  }
  /// The gradients are multiplied by the scale of the context.
  template <class E>
  void finish_step(const Context& context, const StepOptions& options, const E& run) {
    auto& core = own_.core();
    const auto& now = core.rule_now(options);
    const auto streams = core.template state_streams<T>(context.scale);
    if (replicated()) {
      core.update(now, context, streams, run);
    } else {
      const detail::SumOverRanks<std::remove_const_t<decltype(streams)>, C, E> sum{streams, plan(),
                                                                                   comm_, run};
      sweep(now, gradus::prepare<T>(now, context, core.state.scalars().data(), sum), streams, run);
      detail::gather_all<P>(comm_, gradients_.rounds(), part_.layout(), buffers_);
    }
    core.count();
  }
  /// Forgets the gradients of a step that another group has refused on all ranks.
  void abandon_step() {
    if (gradients_.early()) gradients_.start_rest(comm_);
    gradients_.drain(comm_);
    gradients_.expect(0);
  }
  /// The sums of the gradients that this rank owns; of all, if replicated.
  std::span<T> sums() noexcept { return sums_; }

 private:
  template <class Params>
  OwnPart make_part(const R& rule, Params& params, const Sharding& sharding) const {
    if (sharding.bfloat16_gradients && !std::same_as<T, float>)
      refuse("gradus::Sharded.bfloat16_gradients must be false for parameters in double");
    OwnPart part(comm_, params, sharding, whole_spans);
    if constexpr (for_matrices)
      for (std::size_t j = 0; j < part.layout().size(); ++j)
        detail::Matrices<T, true>::check_given(name, rule, part.shapes()[j], j, part.layout()[j].n);
    return part;
  }
  template <class E>
  StepResult step_after(const Begun& begun, const StepOptions& options, const E& run) {
    if (begun.allowed) finish_step(begun.context, options, run);
    return {begun.context.t, begun.context.rate, begun.allowed};
  }
  /// Sums the branches of all ranks, of which `sums()` gives this rank's, of type X.
  template <Element X, class E>
  Begun begin(auto& params, const auto& sums, std::size_t micro_batches, const StepOptions& options,
              const E& run, const auto& before_refusal) {
    auto& core = own_.core();
    Context context;
    std::vector<typename OwnPart::Span> spans;
    std::vector<detail::BranchViews> branches;
    const std::string refusal = detail::refusal([&] {
      spans = part_.spans(params);
      part_.check_overlap();
      branches = sums();
      context = core.check_context(name, core.rule_now(options), options);
    });
    const bool early = gradients_.early();
    if (early) gradients_.start_rest(comm_);
    const auto drain = [&] {
      gradients_.drain(comm_);
      before_refusal();
    };
    const bool skip =
        detail::agreed_to_skip(comm_, refusal, context, options, static_cast<double>(micro_batches),
                               sizeof(X), early, drain);
    if (skip) {
      gradients_.drain(comm_);
      return {context, false};
    }
    reduce<X>(branches, micro_batches, run);
    const auto grads = detail::cut(std::span<const T>(sums_), spans);
    core.template check_spans<T>(name, spans, grads);
    core.state.check_overlap(name);
    const auto streams = core.template state_streams<T>(options.scale);
    const auto finite_state = [&] {
      if constexpr (for_matrices) return core.matrices.usable(name, streams, NonFinite::skip);
      return true;
    };
    return {context,
            detail::finite_everywhere(comm_, streams, non_finite(), finite_state, before_refusal)};
  }

  /// Steps what this rank owns, by a prepared kernel.
  template <class Now, class K, class Streams, class E>
  void sweep(const Now& now, const K& kernel, const Streams& streams, const E& run) {
    auto& core = own_.core();
    const exec::ListOf<double> scalars = core.state.span_scalars();
    constexpr std::size_t count = span_scalar_count<R>;
    const std::span<const detail::OwnRun> runs = part_.runs();
    if constexpr (for_matrices) {  // whole spans, which are neighbours
      auto part = streams;
      if (!runs.empty()) part.first = runs[0].first;
      if (!runs.empty()) core.matrices.sweep_spans(now, kernel, part, scalars, run, runs[0].span);
    } else {
      for (const detail::OwnRun& r : runs) {
        auto part = streams;
        part.views = streams.views.subspan(r.view, r.count);
        part.first = r.first;
        exec::sweep_spans(part, kernel, scalars.subspan(count * r.view, count * r.count), run,
                          r.span, part.views[0].begin);
      }
    }
  }
  /// Sums the gradients that this rank owns, all of them if replicated, of type X.
  template <Element X, class E>
  void reduce(std::span<const detail::BranchViews> branches, std::size_t micro_batches,
              const E& run) {
    gradients_.template sum<X>(comm_, branches, micro_batches, run, [&](std::size_t element) {
      return sums_.data() + part_.place(element);
    });
    if (!replicated()) return;
    const exec::View all{sums_.data(), nullptr, sums_.size(), 0};
    detail::gather_all<T>(comm_, gradients_.rounds(), {&all, 1}, buffers_);
  }

  C& comm_;
  Sharding sharding_;
  OwnPart part_;
  detail::StepGradients<C, T> gradients_;
  Optimizer<S, R, P> own_;
  std::vector<T> sums_{};  // of the gradients that belong to the parameters of `own_`
  detail::GatherBuffers buffers_{};
};

template <class C, class S, class R, class Params>
Sharded(C&, S, R, Params&&, Sharding = {}) -> Sharded<C, S, R, detail::number_t<Params>>;

}}  // namespace gradus::GRADUS_ABI
