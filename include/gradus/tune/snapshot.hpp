// optional header
// The state of a training, to go back to.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/concept/rule.hpp>
#include <gradus/concept/schedule.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/schedule/constant.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A copy of parameters and of an optimizer's slots, scalars and step, bit for bit. The caller
/// keeps what else a training has: generators, a position in the data, feedback.
///
///   const Snapshot good(opt, params);  ...  good.restore(opt, params);
///
/// It can be restored into any optimizer with a rule of this type and spans of these sizes, which
/// keeps its schedule and the hyper-parameters of its rule. Several threads may read one snapshot.
/// Cost: one copy; `restore` copies back and allocates nothing.
/// Errors: spans that do not fit the optimizer, or an optimizer with other spans. After an error
///   nothing has changed.
template <class R, Element P>
class Snapshot {
 public:
  template <Schedule S, SpanArgument<P> Params>
  Snapshot(const Optimizer<S, R, P>& opt, Params&& params)
      : optimizer_(opt.with_schedule(Constant<>{})) {
    refuse_other(opt, params);
    params_.reserve(opt.size());
    detail::for_each_span<P>(
        params, [&](std::span<P> s) { params_.insert(params_.end(), s.begin(), s.end()); });
  }

  template <Schedule S, class Params>
    requires(!SpanArgument<Params, P>)
  Snapshot(const Optimizer<S, R, P>& opt, Params&&) : optimizer_(opt.with_schedule(Constant<>{})) {
    detail::explain<void, detail::AsParams<P, Params>>();
  }

  /// Restores everything.
  template <Schedule S, SpanArgument<P> Params>
  void restore(Optimizer<S, R, P>& opt, Params&& params) const {
    refuse_other(opt, params);
    const P* from = params_.data();
    detail::for_each_span<P>(params, [&](std::span<P> s) {
      copy(s, from);
      from += s.size();
    });
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      (copy(opt.template slot<SlotType<J>>(J), optimizer_.template slot<SlotType<J>>(J).data()),
       ...);
    }(std::make_index_sequence<slot_count<R>>{});
    copy(opt.scalars(), optimizer_.scalars().data());
    copy(opt.span_scalars(), optimizer_.span_scalars().data());
    if constexpr (MatrixRule<R, arithmetic_t<P>>) {
      const auto &to = opt.core().matrices, &from_here = optimizer_.core().matrices;
      for (std::size_t i = 0; i < to.slot_count(); ++i) copy(to.slot(i), from_here.slot(i).data());
    }
    opt.seek(optimizer_.steps());
  }
  template <Schedule S, class Params>
    requires(!SpanArgument<Params, P>)
  void restore(Optimizer<S, R, P>&, Params&&) const {
    detail::explain<void, detail::AsParams<P, Params>>();
  }
  step_t steps() const noexcept { return optimizer_.steps(); }

 private:
  template <std::size_t J>
  using SlotType = std::tuple_element_t<J, slot_types_t<R, arithmetic_t<P>>>;

  template <class T>
  static void copy(std::span<T> to, const T* from) noexcept {
    if (!to.empty()) std::memcpy(static_cast<void*>(to.data()), from, to.size_bytes());
  }
  template <class O, class Params>
  void refuse_other(const O& opt, Params& params) const {
    const std::size_t spans = optimizer_.spans();
    detail::check_count(name, "optimizer", opt.spans(), spans);
    for (std::size_t j = 0; j < spans; ++j)
      if (opt.size(j) != optimizer_.size(j))
        detail::refuse_item(name, "optimizer", j, "must have as many elements as it had,",
                            optimizer_.size(j), opt.size(j));
    if constexpr (MatrixRule<R, arithmetic_t<P>>)
      optimizer_.core().matrices.check(name, "optimizer", opt.core().matrices.shapes());
    detail::check_spans<P>(name, "params", params, optimizer_.core().state.views());
  }

  static constexpr const char* name = "Snapshot";
  Optimizer<Constant<>, R, P> optimizer_;  // for its state
  std::vector<P> params_{};
};
template <class S, class R, class P, class Params>
Snapshot(const Optimizer<S, R, P>&, Params&&) -> Snapshot<R, P>;

namespace detail {
/// Takes a snapshot, and restores it in the destructor, so that an exception restores it, too.
template <class O, class R, class P, class Params>
struct Restored {
  O& opt;
  Params& params;
  const Snapshot<R, P> before{opt, params};

  ~Restored() noexcept(false) { before.restore(opt, params); }
};
template <class S, class R, class P, class Params>
Restored(Optimizer<S, R, P>&, Params&) -> Restored<Optimizer<S, R, P>, R, P, Params>;
}  // namespace detail

}}  // namespace gradus::GRADUS_ABI
