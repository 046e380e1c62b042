// The state of an optimizer (slots, scalars of spans, scalars), and the views of its spans.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/memory/block.hpp>
#include <gradus/memory/overlap.hpp>
#include <gradus/memory/start_slot.hpp>
#include <gradus/memory/views.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

template <Element P, class Slots, std::size_t NS, std::size_t NSS>
class State;

/// Slots of types S..., NS scalars, and NSS scalars for each span, for parameters of type P. One
/// allocation holds views, regions, span scalars and slots.
template <Element P, Storage... S, std::size_t NS, std::size_t NSS>
class State<P, std::tuple<S...>, NS, NSS> {
 public:
  State() = default;

  /// Memory for so many spans and elements, all zero. Each slot has the parameters' offset within a
  /// lane. Large slots get different offsets within a page, because streams at equal offsets
  /// collide in cache sets and store buffers.
  State(const Caller& who, const Extent& all) : spans_(all.spans), elements_(all.elements) {
    const std::size_t elements = all.elements;
    if (elements > std::numeric_limits<std::size_t>::max() / 4 / (N + 1) / sizeof(double))
      who.refuse("params", "must be fewer than memory could ever hold",
                 static_cast<double>(elements));
    span_scalars_at_ = offset_of_regions() + region_count() * sizeof(Region);
    std::size_t end = span_scalars_at_ + NSS * spans_ * sizeof(double);
    constexpr std::size_t page = Block::alignment, skew = page / (N + 2) / line * line;
    const bool large = elements * sizeof(P) >= page;
    const std::array<std::size_t, N> counts{stored_count<S>(elements)...};
    for (std::size_t j = 0; j < N; ++j) {
      const std::size_t away = (all.begin + (j + 1) * skew) % page / line * line;
      const std::size_t begin = large ? round_up(end, page) + away : round_up(end, line);
      slots_at_[j] = begin + all.begin / sizeof(P) % 16 * sizes[j];
      end = slots_at_[j] + counts[j] * sizes[j];
    }
    block_ = Block(end + 1);
    // Zero bytes are empty views, and scalars and elements of 0.
    std::memset(block_.data(), 0, block_.size());
  }
  /// For these parameters, whose sizes and places it notes.
  template <class Params>
  static State of(const Caller& who, Params& params) {
    State state(who, extent_of<P>(params));
    lay_out<P>(params, state.views());
    state.place(who, params);
    return state;
  }
  /// For one span of `n` parameters, whose place is not known.
  static State of(const Caller& who, std::size_t n) {
    State state(who, {1, n, 0});
    state.views()[0].n = n;
    return state;
  }
  /// Notes where the parameters lie, for slots that start as copies of them.
  template <class Params>
  void place(const Caller& who, Params& params) {
    match<P>(who, "params", params, views(),
             [](exec::View& view, std::span<P> s) { view.p = s.data(); });
  }
  /// Sets scalars to their start values; slots too, unless `slots_too` is false because the caller
  /// fills them.
  template <class R>
  void start(const Caller& who, const R& rule, bool slots_too = true) {
    std::size_t j = 0;
    for (const Scalar& scalar : scalars_of(rule)) scalars_[j++] = scalar.value;
    for (std::size_t span = j = 0; span < spans_; ++span)
      for (const Scalar& scalar : span_scalars_of(rule)) span_scalars()[j++] = scalar.value;
    const auto hows = slots_of(rule);
    if (slots_too)
      for_each_slot([&](std::size_t i, auto* slot) { start_slot(who, i, hows[i], slot); });
    check_overlap(who);
    for (exec::View& view : views()) view.p = nullptr;
    views_changed();
  }

  /// Checks the number, sizes, nulls and alignment of a call's spans, and makes them the views of
  /// the step, also joined where they lie next to each other. O(number of spans); O(1) for lists
  /// of arrays that lie where they lay at the last call.
  template <Element G, class Params, class Grads>
  void take(const Caller& who, Params& params, Grads& grads) {
    if constexpr (ListOfArrays<Params, P> && ListOfArrays<Grads, const G>) {
      const bool known = joined_ == 1 && alike_ && size_of_grad_ == sizeof(G);
      if (known && in_place<P>(params, joined()[0].p) && in_place<const G>(grads, joined()[0].g))
        return;
    }
    match<P>(who, "params", params, views(), [&](exec::View& view, std::span<P> s) {
      if (view.p != s.data()) view.p = s.data(), views_changed();
    });
    match<const G>(who, "grads", grads, views(), [&](exec::View& view, std::span<const G> s) {
      if (view.g != s.data()) view.g = s.data(), views_changed();
    });
    if (size_of_grad_ != sizeof(G)) size_of_grad_ = sizeof(G), views_changed();
    if (joined_ == 0) {
      joined_ = join(views(), sizeof(P), sizeof(G), all_views().subspan(spans_, spans_));
      alike_ = same_size(views());
    }
  }
  /// Refuses views in which a written span overlaps another, or the state itself. Returns at once
  /// if no address has changed since the last check.
  void check_overlap(const Caller& who) {
    if (checked_) return;
    regions(scratch(), who);
    detail::check_overlap(who.name, scratch());
    checked_ = true;
  }
  std::size_t size_of_grad() const noexcept { return size_of_grad_; }
  /// What a step works on, in this many regions.
  std::size_t region_count() const noexcept { return 2 * spans_ + 1; }
  void regions(exec::ListOf<Region> to, const Caller& who) const noexcept {
    for (std::size_t j = 0; j < spans_; ++j) {
      const exec::View& v = views()[j];
      const std::size_t i = who.number(j);
      to[2 * j] = Region::of("params", i, v.p, v.n * sizeof(P), true, who.group_of_span());
      to[2 * j + 1] = Region::of("grads", i, v.g, v.n * size_of_grad_, false, who.group_of_span());
    }
    to[2 * spans_] = region("state", who.group);
  }
  /// The memory of the state itself.
  Region region(const char* what, std::uint32_t group = Caller::alone) const noexcept {
    return Region::of(what, 0, block_.data(), block_.size(), true, group);
  }

  bool alive() const noexcept { return block_.data() != nullptr; }
  std::size_t size() const noexcept { return alive() ? elements_ : 0; }
  std::size_t spans() const noexcept { return alive() ? spans_ : 0; }

  exec::ListOf<exec::View> views() const noexcept {
    return {reinterpret_cast<exec::View*>(block_.data()), spans()};
  }
  /// The same elements in fewer spans: neighbours are one. For what does not ask where a span ends.
  exec::Views joined() const noexcept { return all_views().subspan(spans_, joined_); }
  exec::ListOf<double> scalars() noexcept { return scalars_; }
  exec::ListOf<const double> scalars() const noexcept { return scalars_; }
  exec::ListOf<double> span_scalars() const noexcept {
    return {reinterpret_cast<double*>(block_.data() + span_scalars_at_), NSS * spans()};
  }
  std::tuple<S*...> slots() const noexcept {
    return [&]<std::size_t... J>(std::index_sequence<J...>) {
      return std::tuple<S*...>(reinterpret_cast<S*>(block_.data() + slots_at_[J])...);
    }(std::index_sequence_for<S...>{});
  }
  /// Slot j, if that is of type E.
  template <class E>
  E* slot(std::size_t j) const noexcept {
    E* r = nullptr;
    for_each_slot([&]<class F>(std::size_t i, F* data) {
      if constexpr (std::same_as<E, F>) r = i == j ? data : r;
    });
    return r;
  }
  /// f(j, slot j) for every slot.
  template <class F>
  void for_each_slot(const F& f) const {
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      (f(J, std::get<J>(slots())), ...);
    }(std::index_sequence_for<S...>{});
  }

 private:
  template <Storage E>
  void start_slot(const Caller& who, std::size_t j, const Slot& how, E* to) const {
    check_start<E>(who, j, how);
    if (Blocked<E>) return;  // blocks are made of zeros
    for (const exec::View& view : views()) {
      if (how.from == Slot::From::params && view.p == nullptr && view.n != 0)
        who.refuse("params",
                   "must be given, not only their number: a slot starts as a copy of them",
                   static_cast<double>(view.n));
      detail::start_slot(how, std::span<E>(to, view.n), static_cast<const P*>(view.p));
      to += view.n;
    }
  }

  static constexpr std::size_t line = 64, N = sizeof...(S);
  static constexpr std::array<std::size_t, N> sizes{sizeof(S)...};
  static constexpr std::size_t round_up(std::size_t x, std::size_t to) noexcept {
    return (x + to - 1) / to * to;
  }
  /// The views, and as many places for joined ones.
  exec::ListOf<exec::View> all_views() const noexcept {
    return {reinterpret_cast<exec::View*>(block_.data()), 2 * spans()};
  }
  void views_changed() noexcept { checked_ = false, joined_ = 0; }
  /// Whether a list of arrays is as many spans as here, with all elements, from `data` on.
  template <class T, class X>
  bool in_place(X& list, const void* data) const noexcept {
    const std::span<T> all = flat(list);
    return std::span(list).size() == spans_ && all.size() == elements_ && all.data() == data;
  }
  std::size_t offset_of_regions() const noexcept {
    return round_up(2 * spans_ * sizeof(exec::View), alignof(Region));
  }
  exec::ListOf<Region> scratch() const noexcept {
    return {reinterpret_cast<Region*>(block_.data() + offset_of_regions()), region_count()};
  }

  Block block_;
  std::size_t spans_ = 0, elements_ = 0;
  std::size_t joined_ = 0;  // the number of joined views; 0 if they are not up to date
  bool alike_ = false;      // whether the joined views are of one size, before they were joined
  std::size_t span_scalars_at_ = 0;
  std::array<std::size_t, N> slots_at_{};
  std::size_t size_of_grad_ = sizeof(P);
  std::array<double, NS> scalars_{};
  bool checked_ = false;  // that these views do not overlap
};

}}}  // namespace gradus::GRADUS_ABI::detail
