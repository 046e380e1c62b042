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
#include <utility>

#include <gradus/block.hpp>
#include <gradus/concepts.hpp>
#include <gradus/spans.hpp>

namespace gradus::inline GRADUS_ABI::detail {

/// The state for N slots, NS scalars and NSS scalars for each span, in one allocation: views,
/// scratch, span scalars, slots.
template <class T, std::size_t N, std::size_t NS, std::size_t NSS>
class State {
 public:
  State() = default;

  /// `at` is where the parameters lie: the slots take the same place relative to a cache line, and,
  /// where they are large, places in a page that are far from it and from each other (all at one
  /// place, cache sets and store buffers collide).
  State(std::size_t spans, std::size_t elements, std::uintptr_t at)
      : spans_(spans), elements_(elements) {
    if (elements > std::numeric_limits<std::size_t>::max() / 4 / (N + 1) / sizeof(T))
      refuse_if({"Optimizer", "params", "must be fewer than memory could ever hold",
                 static_cast<double>(elements)});
    const std::size_t stretches = offset_of_stretches() + (2 * spans + 1) * sizeof(Stretch);
    span_scalars_at_ = stretches;
    const std::size_t end = round_up(stretches + NSS * spans * sizeof(double), line);
    const std::size_t slot_bytes = elements * sizeof(T);
    const std::size_t skew =
        slot_bytes < Block::alignment ? 0 : Block::alignment / (N + 2) / line * line;
    at -= at % alignof(T);  // the span itself is refused later
    const std::size_t place = skew == 0 ? at % line : (at + skew) % Block::alignment;
    slots_at_ = skew == 0 ? end + place : round_up(end, Block::alignment) + place;
    stride_ =
        skew == 0 ? round_up(slot_bytes, line) : round_up(slot_bytes, Block::alignment) + skew;
    block_ = Block(slots_at_ + N * stride_ + 1);
    for (std::size_t j = 0; j < spans; ++j) new (&views()[j]) exec::View<T>{};
    for (std::size_t j = 0; j < 2 * spans + 1; ++j) new (&stretches_()[j]) Stretch{};
    for (std::size_t j = 0; j < NSS * spans; ++j) new (&span_scalars()[j]) double{};
    for (std::size_t j = 0; j < N; ++j)
      for (std::size_t i = 0; i < elements; ++i) new (slots()[j] + i) T{};
  }

  bool alive() const noexcept { return block_.data() != nullptr; }
  std::size_t size() const noexcept { return alive() ? elements_ : 0; }

  std::span<exec::View<T>> views() const noexcept {
    return {reinterpret_cast<exec::View<T>*>(block_.data()), spans_};
  }
  std::span<double> scalars() noexcept { return scalars_; }
  std::span<const double> scalars() const noexcept { return scalars_; }
  std::span<double> span_scalars() const noexcept {
    return {reinterpret_cast<double*>(block_.data() + span_scalars_at_), NSS * spans_};
  }
  std::array<T*, N> slots() const noexcept {
    std::array<T*, N> r{};
    for (std::size_t j = 0; j < N; ++j)
      r[j] = reinterpret_cast<T*>(block_.data() + slots_at_ + j * stride_);
    return r;
  }

  /// Gives slots and scalars their start values; `params` are the parameters, or their number.
  template <class R, class P>
  void start(const R& rule, P& params) {
    if constexpr (std::integral<P>) {
      views()[0].n = params;
    } else {
      for_each_span<T>(
          params, [&, view = views().data(), at = std::size_t{0}](std::span<T> s) mutable {
            check_span<T>("Optimizer", "params", static_cast<std::size_t>(view - views().data()), s,
                          s.size());
            *view++ = {s.data(), nullptr, s.size(), at};
            at += s.size();
          });
    }
    std::size_t j = 0;
    for (const Scalar& scalar : scalars_of(rule)) scalars_[j++] = scalar.value;
    for (std::size_t span = j = 0; span < spans_; ++span)
      for (const Scalar& scalar : span_scalars_of(rule)) span_scalars()[j++] = scalar.value;
    j = 0;
    for (const Slot& slot : slots_of(rule)) start_slot(slot, slots()[j++]);
    check_overlap("Optimizer");
    for (exec::View<T>& view : views()) view.p = nullptr;
  }

  /// Checks the spans of a call and makes them the views of the step. O(number of spans); overlap
  /// costs more and is looked at when an address is not the one of the last step.
  template <class P, class G>
  void take(P& params, G& grads) {
    const std::size_t np = extent_of<T>(params).spans, ng = extent_of<const T>(grads).spans;
    if (np != spans_) refuse_count("params", spans_, np);
    if (ng != spans_) refuse_count("grads", spans_, ng);
    bool known = std::exchange(known_, false);
    exec::View<T>* view = views().data();
    std::size_t j = 0;
    for_each_span<T>(params, [&](std::span<T> s) {
      if (j == spans_) refuse_count("params", spans_, j + 1);
      check_span<T>("Optimizer", "params", j, s, view[j].n);
      known = known && view[j].p == s.data();
      view[j++].p = s.data();
    });
    j = 0;
    for_each_span<const T>(grads, [&](std::span<const T> s) {
      if (j == spans_) refuse_count("grads", spans_, j + 1);
      check_span<const T>("Optimizer", "grads", j, s, view[j].n);
      known = known && view[j].g == s.data();
      view[j++].g = s.data();
    });
    if (!known) check_overlap("Optimizer");
    known_ = true;
  }

 private:
  /// Refuses views in which a written span overlaps another, or the state itself.
  void check_overlap(const char* who) const {
    const std::span<Stretch> all = stretches_();
    for (std::size_t j = 0; j < spans_; ++j) {
      const exec::View<T>& v = views()[j];
      all[2 * j] = Stretch::of("params", j, std::span<T>(v.p, v.p == nullptr ? 0 : v.n));
      all[2 * j + 1] = Stretch::of("grads", j, std::span<const T>(v.g, v.g == nullptr ? 0 : v.n));
    }
    const auto begin = reinterpret_cast<std::uintptr_t>(block_.data());
    all[2 * spans_] = {begin, begin + slots_at_ + N * stride_, true, 0, "state"};
    detail::check_overlap(who, all);
  }
  void start_slot(const Slot& how, T* to) const {
    for (const exec::View<T>& view : views()) {
      if (how.from == Slot::From::params && view.p == nullptr && view.n != 0)
        refuse_if({"Optimizer", "params",
                   "must be given, not only their number: a slot starts as a copy of them",
                   static_cast<double>(view.n)});
      detail::start_slot(how, std::span<T>(to, view.n), static_cast<const T*>(view.p));
      to += view.n;
    }
  }

  static constexpr std::size_t line = 64;
  static constexpr std::size_t round_up(std::size_t x, std::size_t to) noexcept {
    return (x + to - 1) / to * to;
  }
  std::size_t offset_of_stretches() const noexcept {
    return round_up(spans_ * sizeof(exec::View<T>), alignof(Stretch));
  }
  std::span<Stretch> stretches_() const noexcept {
    return {reinterpret_cast<Stretch*>(block_.data() + offset_of_stretches()), 2 * spans_ + 1};
  }

  Block block_;  // first, as in Optimizer
  std::size_t spans_ = 0, elements_ = 0;
  std::size_t span_scalars_at_ = 0, slots_at_ = 0, stride_ = 0;
  std::array<double, NS> scalars_{};
  bool known_ = false;  // the views' addresses have been looked at for overlap
};

}  // namespace gradus::inline GRADUS_ABI::detail
