// optional header
// Several sharded optimizers in one step.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/distributed/sharded.hpp>
#include <gradus/distributed/sum_over_ranks.hpp>
#include <gradus/exec/gradients.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/memory/parts.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

template <class O>
inline constexpr bool is_sharded = false;
template <class C, class S, class R, class P>
inline constexpr bool is_sharded<Sharded<C, S, R, P>> = true;

/// The plans of several optimizers as one: their elements are counted one optimizer after another.
class JoinedPlans {
 public:
  explicit JoinedPlans(std::size_t ranks) : local_(ranks) {}
  /// Adds a plan. With `replicated`, every rank has all of its elements.
  void add(const ShardPlan& plan, bool replicated) {
    for (const Shard& s : plan.shards())
      shards_.push_back({elements_ + s.begin, elements_ + s.end, s.owner,
                         local_[s.owner] + (replicated ? s.begin : s.local)});
    for (std::size_t r = 0; r < local_.size(); ++r)
      local_[r] += replicated ? plan.elements() : plan.size(r);
    elements_ += plan.elements();
  }
  std::size_t elements() const noexcept { return elements_; }
  std::size_t ranks() const noexcept { return local_.size(); }
  std::span<const Shard> shards() const noexcept { return shards_; }

 private:
  std::size_t elements_ = 0;
  std::vector<std::size_t> local_;  // elements that each rank has
  std::vector<Shard> shards_{};
};

}  // namespace detail

/// Several `Sharded` optimizers, each with its own plan, in one step: all are stepped or none is,
/// as `Groups` does it.
///
///   gradus::ShardedGroups opt{gradus::ClipNorm{1},
///                             gradus::Sharded{comm, schedule, gradus::Muon{}, matrices},
///                             gradus::Sharded{comm, schedule, gradus::AdamW{}, rest}};
///   const gradus::MicroBatches mine = opt.micro_batches(12);
///   for (std::size_t k = mine.first; k < mine.last; ++k) opt.add(std::tie(g_matrices, g_rest));
///   opt.step(std::tie(matrices, rest), {.scale = 1.0 / 12});
///
/// Parameters and gradients are a tuple with one item for each group. With a `ClipNorm`, the
/// gradients of all groups are clipped by one norm over all of them: for every number of ranks the
/// bits are those of `Groups`, where these have one type of parameters.
/// `get<K>().ready(grads, span)` says that gradients of group K are known.
///
/// Domain: groups of one `Comm`, all in float or all in double.
/// Errors: as `Sharded`; on every rank. After one, parameters, state and counters are as before,
///   and all gradients are forgotten: begin again with `micro_batches` or `ready`.
/// Cost: as `Sharded`. With a ClipNorm each rank sends one double for 2^15 elements and up to 2,100
///   for each border of a share that is no multiple of 2^15 elements of all groups together.
template <class... O>
  requires(sizeof...(O) > 0 && (detail::is_sharded<O> && ...))
class ShardedGroups {
  using First = std::tuple_element_t<0, std::tuple<O...>>;
  using T = arithmetic_t<typename First::value_type>;
  static_assert((std::same_as<arithmetic_t<typename O::value_type>, T> && ...),
                "gradus::ShardedGroups takes groups that are all in float or all in double");
  static constexpr std::size_t count = sizeof...(O);
  template <class X>
  static constexpr bool one_for_each = detail::tuple_items<std::remove_cvref_t<X>> == count;

 public:
  explicit ShardedGroups(O... groups) : ShardedGroups(nullptr, std::move(groups)...) {}
  explicit ShardedGroups(const ClipNorm& clip, O... groups)
      : ShardedGroups(&clip, std::move(groups)...) {}

  /// The micro-batches that this rank is to add for the next step, of so many on all ranks.
  MicroBatches micro_batches(std::size_t all) {
    MicroBatches mine;
    each([&](auto& group, auto) { mine = group.micro_batches(all); });
    return mine;
  }
  /// Adds the gradients of the next of them.
  template <class Grads, Executor E = Seq>
    requires one_for_each<Grads>
  void add(const Grads& grads, const E& run = {}) {
    each([&](auto& group, auto k) { group.add(std::get<k>(grads), run); });
  }
  /// Makes one update of every group with the sum of all micro-batches.
  template <class Params, Executor E = Seq>
    requires one_for_each<Params>
  GroupsResult step(Params&& params, const StepOptions& options = {}, const E& run = {}) {
    return update(options, run, [&](auto& group, auto k, const auto& before_refusal) {
      return group.begin_step(std::get<k>(params), options, run, before_refusal);
    });
  }
  /// The same with the sum of the gradients of all ranks: one micro-batch on each.
  template <class Params, class Grads, Executor E = Seq>
    requires(one_for_each<Params> && one_for_each<Grads>)
  GroupsResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                    const E& run = {}) {
    return update(options, run, [&](auto& group, auto k, const auto& before_refusal) {
      return group.begin_step(std::get<k>(params), std::get<k>(grads), options, run,
                              before_refusal);
    });
  }

  static constexpr std::size_t size() noexcept { return count; }
  template <std::size_t K>
  auto& get() noexcept {
    return std::get<K>(groups_);
  }
  template <std::size_t K>
  const auto& get() const noexcept {
    return std::get<K>(groups_);
  }
  auto& comm() const noexcept { return get<0>().comm(); }

 private:
  ShardedGroups(const ClipNorm* clip, O... groups)
      : groups_(std::move(groups)...), clips_(clip != nullptr) {
    if (clips_) clip_ = *clip;
    refuse_if(fault_of<double>(clip_));
    each([&](auto& group, auto) {
      if (static_cast<const void*>(&group.comm()) != &comm())
        refuse("gradus::ShardedGroups.groups must have the same Comm");
    });
  }
  /// f(group, its number as a constant)
  template <class F>
  void each(const F& f) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (f(std::get<K>(groups_), std::integral_constant<std::size_t, K>{}), ...);
    }(std::index_sequence_for<O...>{});
  }
  /// The phases of a step, each for all groups before the next.
  template <class E, class F>
  GroupsResult update(const StepOptions& options, const E& run, const F& begin) {
    std::array<Context, count> contexts;
    GroupsResult r{results_};
    bool allowed = true;
    const auto abandon = [&] { each([](auto& group, auto) { group.abandon_step(); }); };
    each([&](auto& group, auto k) {
      const auto begun = begin(group, k, abandon);
      contexts[k] = begun.context;
      results_[k] = {begun.context.t, begun.context.rate};
      allowed = begun.allowed && allowed;
    });
    if (!allowed) return r;
    double scale = options.scale;
    if (clips_) {
      r.norm = norm(scale, run);
      scale = static_cast<double>(scale * math::ieee(clip_.factor(r.norm)));
    }
    each([&](auto& group, auto k) {
      contexts[k].scale = scale;
      group.finish_step(contexts[k], options, run);
      results_[k].applied = true;
    });
    r.applied = true;
    return r;
  }
  /// The norm of all gradients, of which each rank has a part, by one tree over all groups.
  template <class E>
  double norm(const double& scale, const E& run) {
    detail::JoinedPlans plan(comm().size());
    std::vector<exec::View> views;
    std::size_t local = 0;
    each([&](auto& group, auto) {
      const std::span<T> sums = group.sums();
      plan.add(group.plan(), group.replicated());
      views.push_back({sums.data(), sums.data(), sums.size(), local});
      local += sums.size();
    });
    const auto streams = exec::gradients<T, T>(views, scale);
    using Streams = std::remove_const_t<decltype(streams)>;
    using Comm = std::remove_reference_t<decltype(comm())>;
    const detail::SumOverRanks<Streams, Comm, E, detail::JoinedPlans> sum{streams, plan, comm(),
                                                                          run};
    return detail::true_norms<T>(sum, detail::OfGradients{})[0];
  }

  std::tuple<O...> groups_;
  bool clips_;
  ClipNorm clip_{};
  std::array<StepResult, count> results_{};
};

template <class... O>
ShardedGroups(O...) -> ShardedGroups<O...>;
template <class... O>
ShardedGroups(ClipNorm, O...) -> ShardedGroups<O...>;

}}  // namespace gradus::GRADUS_ABI
