// What an optimizer keeps besides schedule, rule and step: slots, scalars and the spans it was made for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <gradus/block.hpp>
#include <gradus/spans.hpp>

namespace gradus::inline GRADUS_ABI::detail {

/// The state for N slots, NS scalars and NSS scalars for each span, in one allocation: views, scratch, span scalars, slots.
template <class T, std::size_t N, std::size_t NS, std::size_t NSS>
class State {
 public:
  State() = default;

  /// `at` is where the parameters lie: the slots take the same place relative to a cache line, and, where they are large,
  /// places in a page that are far from it and from each other (all at one place, cache sets and store buffers collide).
  State(std::size_t spans, std::size_t elements, std::uintptr_t at) : spans_(spans), elements_(elements) {
    const std::size_t stretches = offset_of_stretches() + (2 * spans + 1) * sizeof(Stretch);
    span_scalars_at_ = stretches;
    const std::size_t end = round_up(stretches + NSS * spans * sizeof(double), line);
    const std::size_t slot_bytes = elements * sizeof(T);
    const std::size_t skew = slot_bytes < Block::alignment ? 0 : Block::alignment / (N + 2) / line * line;
    const std::size_t place = skew == 0 ? at % line : (at + skew) % Block::alignment;
    slots_at_ = skew == 0 ? end + place : round_up(end, Block::alignment) + place;
    stride_ = skew == 0 ? round_up(slot_bytes, line) : round_up(slot_bytes, Block::alignment) + skew;
    block_ = Block(slots_at_ + N * stride_ + 1);
    for (std::size_t j = 0; j < spans; ++j) new (&views()[j]) exec::View<T>{};
    for (std::size_t j = 0; j < 2 * spans + 1; ++j) new (&stretches_()[j]) Stretch{};
    for (std::size_t j = 0; j < NSS * spans; ++j) new (&span_scalars()[j]) double{};
    for (std::size_t j = 0; j < N; ++j)
      for (std::size_t i = 0; i < elements; ++i) new (slots()[j] + i) T{};
  }

  bool alive() const noexcept { return block_.data() != nullptr; }
  std::size_t size() const noexcept { return elements_; }

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
    for (std::size_t j = 0; j < N; ++j) r[j] = reinterpret_cast<T*>(block_.data() + slots_at_ + j * stride_);
    return r;
  }

  /// Refuses views in which a written span overlaps another, or the state itself.
  void check_overlap(const char* who) const {
    const std::span<Stretch> all = stretches_();
    for (std::size_t j = 0; j < spans_; ++j) {
      const exec::View<T>& v = views()[j];
      all[2 * j] = Stretch::of("params", j, std::span<T>(v.p, v.n));
      all[2 * j + 1] = Stretch::of("grads", j, std::span<const T>(v.g, v.n));
    }
    const auto begin = reinterpret_cast<std::uintptr_t>(block_.data());
    all[2 * spans_] = {begin, begin + slots_at_ + N * stride_, true, 0, "state"};
    detail::check_overlap(who, all);
  }

 private:
  static constexpr std::size_t line = 64;
  static constexpr std::size_t round_up(std::size_t x, std::size_t to) noexcept { return (x + to - 1) / to * to; }
  std::size_t offset_of_stretches() const noexcept { return round_up(spans_ * sizeof(exec::View<T>), alignof(Stretch)); }
  std::span<Stretch> stretches_() const noexcept {
    return {reinterpret_cast<Stretch*>(block_.data() + offset_of_stretches()), 2 * spans_ + 1};
  }

  std::size_t spans_ = 0, elements_ = 0;
  std::size_t span_scalars_at_ = 0, slots_at_ = 0, stride_ = 0;
  std::array<double, NS> scalars_{};
  Block block_;
};

}  // namespace gradus::inline GRADUS_ABI::detail
