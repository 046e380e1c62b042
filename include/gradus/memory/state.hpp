// What an optimizer keeps besides schedule, rule and step: slots, scalars and the spans it was made
// for.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/memory/block.hpp>
#include <gradus/memory/spans.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

template <Element P, class Slots, std::size_t NS, std::size_t NSS>
class State;

/// The state for slots of types S..., NS scalars and NSS scalars for each span, of parameters of
/// type P, in one allocation: views, scratch, span scalars, slots.
template <Element P, Storage... S, std::size_t NS, std::size_t NSS>
class State<P, std::tuple<S...>, NS, NSS> {
 public:
  State() = default;

  /// `at` is where the parameters lie: the slots take the same place relative to a lane, and, where
  /// they are large, places in a page that are far from it and from each other (all at one place,
  /// cache sets and store buffers collide).
  State(std::size_t spans, std::size_t elements, std::uintptr_t at)
      : spans_(spans), elements_(elements) {
    if (elements > std::numeric_limits<std::size_t>::max() / 4 / (N + 1) / sizeof(double))
      refuse_if({"Optimizer", "params", "must be fewer than memory could ever hold",
                 static_cast<double>(elements)});
    span_scalars_at_ = offset_of_regions() + (2 * spans + 1) * sizeof(Region);
    std::size_t end = span_scalars_at_ + NSS * spans * sizeof(double);
    constexpr std::size_t page = Block::alignment, skew = page / (N + 2) / line * line;
    const bool large = elements * sizeof(P) >= page;
    const std::array<std::size_t, N> counts{stored_count<S>(elements)...};
    for (std::size_t j = 0; j < N; ++j) {
      const std::size_t away = (at + (j + 1) * skew) % page / line * line;
      const std::size_t begin = large ? round_up(end, page) + away : round_up(end, line);
      slots_at_[j] = begin + at / sizeof(P) % 16 * sizes[j];
      end = slots_at_[j] + counts[j] * sizes[j];
    }
    block_ = Block(end + 1);
    for (std::size_t j = 0; j < spans; ++j) new (&views()[j]) exec::View{};
    for (std::size_t j = 0; j < 2 * spans + 1; ++j) new (&regions_()[j]) Region{};
    for (std::size_t j = 0; j < NSS * spans; ++j) new (&span_scalars()[j]) double{};
    for_each_slot([&]<class E>(std::size_t, E* slot) {
      for (std::size_t i = 0; i < stored_count<E>(elements); ++i) new (slot + i) E{};
    });
  }

  bool alive() const noexcept { return block_.data() != nullptr; }
  std::size_t size() const noexcept { return alive() ? elements_ : 0; }

  std::span<exec::View> views() const noexcept {
    return {reinterpret_cast<exec::View*>(block_.data()), spans_};
  }
  std::span<double> scalars() noexcept { return scalars_; }
  std::span<const double> scalars() const noexcept { return scalars_; }
  std::span<double> span_scalars() const noexcept {
    return {reinterpret_cast<double*>(block_.data() + span_scalars_at_), NSS * spans_};
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

  /// Notes where the parameters lie, and how many there are of each span.
  template <class Params>
  void place(Params& params) {
    exec::View* view = views().data();
    if constexpr (std::integral<Params>) {
      view->n = params;
    } else {
      std::size_t at = 0, j = 0;
      for_each_span<P>(params, [&](std::span<P> s) {
        check_span<P>("Optimizer", "params", j++, s, s.size());
        *view++ = {s.data(), nullptr, s.size(), at};
        at += s.size();
      });
    }
  }
  /// Gives scalars their start values, and slots, but for those that are all taken over.
  template <class R>
  void start(const R& rule, bool slots_too = true) {
    std::size_t j = 0;
    for (const Scalar& scalar : scalars_of(rule)) scalars_[j++] = scalar.value;
    for (std::size_t span = j = 0; span < spans_; ++span)
      for (const Scalar& scalar : span_scalars_of(rule)) span_scalars()[j++] = scalar.value;
    const auto hows = slots_of(rule);
    if (slots_too) for_each_slot([&](std::size_t i, auto* slot) { start_slot(i, hows[i], slot); });
    check_overlap("Optimizer");
    for (exec::View& view : views()) view.p = nullptr;
  }

  /// Checks the spans of a call and makes them the views of the step. O(number of spans); overlap
  /// costs more and is looked at when an address is not the one of the last step.
  template <Element G, class Params, class Grads>
  void take(Params& params, Grads& grads) {
    bool known = std::exchange(known_, false);
    known = take_spans<P>("params", params, &exec::View::p) && known;
    known = take_spans<const G>("grads", grads, &exec::View::g) && known;
    known = known && size_of_grad_ == sizeof(G);
    size_of_grad_ = sizeof(G);
    if (!known) check_overlap("Optimizer");
    known_ = true;
  }

  /// What a step works on, as 2 * spans + 1 regions; the spans are counted from `first`.
  std::size_t regions(std::span<Region> to, std::size_t first = 0) const {
    for (std::size_t j = 0; j < spans_; ++j) {
      const exec::View& v = views()[j];
      to[2 * j] = Region::of("params", first + j, v.p, v.n * sizeof(P), true);
      to[2 * j + 1] = Region::of("grads", first + j, v.g, v.n * size_of_grad_, false);
    }
    to[2 * spans_] = Region::of("state", first, block_.data(), block_.size(), true);
    return 2 * spans_ + 1;
  }

  /// f(j, slot j) for every slot.
  template <class F>
  void for_each_slot(const F& f) const {
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      (f(J, std::get<J>(slots())), ...);
    }(std::index_sequence_for<S...>{});
  }

 private:
  /// Refuses views in which a written span overlaps another, or the state itself.
  void check_overlap(const char* who) const {
    regions(regions_());
    detail::check_overlap(who, regions_());
  }
  // Whether all addresses are those of the last step.
  template <class E, class Spans, class To>
  bool take_spans(const char* what, Spans& spans, To exec::View::* address) {
    const std::size_t count = extent_of<E>(spans).spans;
    if (count != spans_) refuse_count(what, spans_, count);
    bool known = true;
    exec::View* view = views().data();
    for_each_span<E>(spans, [&, j = std::size_t{0}](std::span<E> s) mutable {
      if (j == spans_) refuse_count(what, spans_, j + 1);
      check_span<E>("Optimizer", what, j++, s, view->n);
      known = known && view->*address == s.data();
      view++->*address = s.data();
    });
    return known;
  }
  template <Storage E>
  void start_slot(std::size_t j, const Slot& how, E* to) const {
    check_start<E>("Optimizer", j, how);
    if (Blocked<E>) return;  // blocks are made of zeros
    for (const exec::View& view : views()) {
      if (how.from == Slot::From::params && view.p == nullptr && view.n != 0)
        refuse_without_params(view.n);
      detail::start_slot(how, std::span<E>(to, view.n), static_cast<const P*>(view.p));
      to += view.n;
    }
  }

  static constexpr std::size_t line = 64, N = sizeof...(S);
  static constexpr std::array<std::size_t, N> sizes{sizeof(S)...};
  static constexpr std::size_t round_up(std::size_t x, std::size_t to) noexcept {
    return (x + to - 1) / to * to;
  }
  std::size_t offset_of_regions() const noexcept {
    return round_up(spans_ * sizeof(exec::View), alignof(Region));
  }
  std::span<Region> regions_() const noexcept {
    return {reinterpret_cast<Region*>(block_.data() + offset_of_regions()), 2 * spans_ + 1};
  }

  Block block_;  // first, as in Optimizer
  std::size_t spans_ = 0, elements_ = 0;
  std::size_t span_scalars_at_ = 0;
  std::array<std::size_t, N> slots_at_{};
  std::size_t size_of_grad_ = sizeof(P);
  std::array<double, NS> scalars_{};
  bool known_ = false;  // the views' addresses have been looked at for overlap
};

}}}  // namespace gradus::GRADUS_ABI::detail
