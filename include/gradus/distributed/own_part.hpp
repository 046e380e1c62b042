// optional header
// Which elements of a sharded optimizer this rank owns, and where they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <gradus/distributed/comm.hpp>
#include <gradus/distributed/rounds.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/memory/overlap.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/memory/views.hpp>
#include <gradus/step/options.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// How the elements of a `Sharded` optimizer are divided and sent.
struct Sharding {
  /// Every rank has all state and makes the whole step: plain data parallelism.
  bool replicated = false;
  /// In how many stretches the gradients are reduced, from the last to the first.
  std::size_t buckets = 1;
  /// Gradients are sent as bfloat16, which rounds what has more digits.
  bool bfloat16_gradients = false;
  NonFinite non_finite = NonFinite::propagate;
  /// For a rule with a kernel for each span, or for matrices: what each span costs; if empty, its
  /// size, or the operations of a product of matrices of its shape.
  std::span<const double> costs{};
};

namespace detail {

/// Spans that are swept together: those of a shard, or one where each has a kernel of its own.
struct OwnRun {
  std::size_t view = 0, count = 0;  // among the spans of this rank
  std::uint64_t first = 0;          // what is added to the place of an element here, for all
  std::size_t span = 0;             // the number of the first span among all
};

/// Parts of `all`, one after another, as long as the spans.
template <class X, class Spans>
std::vector<std::span<X>> cut(std::span<X> all, const Spans& spans) {
  std::vector<std::span<X>> r;
  for (const auto& s : spans) {
    r.push_back(all.first(s.size()));
    all = all.subspan(s.size());
  }
  return r;
}

/// How many operations one polynomial of a matrix takes, for all matrices of a span: the cost of a
/// rule that orthogonalises, up to a factor.
constexpr double cost_of(const Shape& shape) noexcept {
  const double r = static_cast<double>(shape.shorter()), c = static_cast<double>(shape.longer());
  return static_cast<double>(shape.count) * (4 * r * r * c + 2 * r * r * r);
}

/// The part of parameters of type P; with their shapes, where the rule sees matrices.
template <Element P, bool ForMatrices = false>
class OwnPart {
 public:
  using Span = std::conditional_t<ForMatrices, Shaped<P>, std::span<P>>;

  template <Comm C, class Params>
  OwnPart(const C& comm, Params& params, const Sharding& sharding, bool whole_spans)
      : layout_(extent_of<P>(params).spans),
        whole_spans_(whole_spans),
        replicated_(sharding.replicated) {
    lay_out<P>(params, layout_);
    if constexpr (ForMatrices)
      for_each_shape(params, [&](const Shape& shape) { shapes_.push_back(shape); });
    const std::size_t all = exec::total(layout_);
    plan_ = whole_spans && !replicated_ ? plan_of_spans(sharding.costs, comm.size())
                                        : ShardPlan::equal(all, comm.size(), sharding.buckets);
    shards_ = plan_.of(comm.rank());
    if (replicated_) shards_.assign(1, {0, all, comm.rank(), 0});
  }
  const ShardPlan& plan() const noexcept { return plan_; }
  std::span<const Shard> shards() const noexcept { return shards_; }
  /// The plan and what else of the sharding must be the same on every rank.
  std::string text(const Sharding& sharding) const {
    return io::detail::concat({plan_.text(), replicated_ ? ", replicated" : "",
                               sharding.bfloat16_gradients ? ", bfloat16" : "", ", policy ",
                               std::to_string(static_cast<int>(sharding.non_finite))});
  }
  /// All spans of all ranks, with the parameters and gradients that were taken last.
  exec::ListOf<exec::View> layout() noexcept { return layout_; }
  exec::Views layout() const noexcept { return layout_; }
  /// Of all spans, for a rule that sees matrices.
  std::span<const Shape> shapes() const noexcept { return shapes_; }
  std::span<const OwnRun> runs() const noexcept { return runs_; }

  template <class Params>
  void take_params(Params& params) {
    match<P>("Sharded", "params", params, layout_,
             [](exec::View& view, std::span<P> s) { view.p = s.data(); });
  }
  template <Element G, class Grads>
  void take_grads(const Grads& grads) {
    match<const G>("Sharded", "grads", grads, layout_,
                   [](exec::View& view, std::span<const G> s) { view.g = s.data(); });
  }
  /// Takes these parameters, and returns the spans of them that this rank owns.
  template <class Params>
  std::vector<Span> spans(Params& params) {
    take_params(params);
    if constexpr (ForMatrices)
      Matrices<arithmetic_t<P>, true>::check_same("Sharded", "params", params, shapes_);
    std::vector<Span> r;
    const auto add = [&](std::size_t j, std::size_t from, std::size_t n) {
      const std::span<P> s(static_cast<P*>(layout_[j].p) + from, n);
      if constexpr (ForMatrices)
        r.emplace_back(s, shapes_[j]);
      else
        r.push_back(s);
    };
    if (replicated_) {
      for (std::size_t j = 0; j < layout_.size(); ++j) add(j, 0, layout_[j].n);
      return r;
    }
    runs_.clear();
    for (const Shard& shard : shards_) {
      bool begins = true;
      each_span(layout_, shard, [&](std::size_t j, std::size_t from, std::size_t n) {
        if (begins || whole_spans_) runs_.push_back({r.size(), 0, shard.begin - shard.local, j});
        begins = false;
        add(j, from, n);
        ++runs_.back().count;
      });
    }
    return r;
  }
  /// Refuses parameters, also those of other ranks, that overlap. Returns at once if no address has
  /// changed since the last check.
  void check_overlap() {
    bool known = places_.size() == layout_.size();
    for (std::size_t j = 0; known && j < layout_.size(); ++j) known = places_[j] == layout_[j].p;
    if (known) return;
    std::vector<Region> regions;
    for (std::size_t j = 0; j < layout_.size(); ++j)
      regions.push_back(
          Region::of("params", j, std::span(static_cast<P*>(layout_[j].p), layout_[j].n)));
    gradus::detail::check_overlap("Sharded", regions);
    places_.clear();
    for (const exec::View& v : layout_) places_.push_back(v.p);
  }
  /// Where an element of this rank is among its elements.
  std::size_t place(std::size_t element) const noexcept {
    std::size_t k = 0;
    while (element >= shards_[k].end) ++k;
    return element - shards_[k].begin + shards_[k].local;
  }

 private:
  ShardPlan plan_of_spans(std::span<const double> given, std::size_t ranks) const {
    std::vector<std::size_t> sizes;
    for (const exec::View& v : layout_) sizes.push_back(v.n);
    std::vector<double> costs(given.begin(), given.end());
    if (costs.empty() && ForMatrices)
      for (const Shape& shape : shapes_) costs.push_back(cost_of(shape));
    if (costs.empty()) costs.assign(sizes.begin(), sizes.end());
    if (costs.size() != sizes.size())
      refuse(Sentence() << "gradus::Sharded.costs must be " << sizes.size()
                        << " numbers, one for each span (got " << costs.size() << ")");
    return ShardPlan::whole_spans(sizes, costs, ranks);
  }

  std::vector<exec::View> layout_;
  std::vector<Shape> shapes_{};
  bool whole_spans_, replicated_;
  ShardPlan plan_{};
  std::vector<Shard> shards_{};  // that this rank steps
  std::vector<OwnRun> runs_{};
  std::vector<const void*> places_{};  // of the parameters that were last checked for overlap
};

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
