// One update, arguments checked: prepare once, then one fused sweep over every span.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <gradus/concepts.hpp>
#include <gradus/exec/measure.hpp>
#include <gradus/exec/seq.hpp>
#include <gradus/exec/sweep.hpp>

namespace gradus::inline GRADUS_ABI::exec {

/// What an update works on: the spans, the slots (one stretch each, the spans one after another)
/// and the scalars.
template <class T, std::size_t N>
struct Job {
  std::span<const View<T>> views;
  std::array<T*, N> slots{};
  std::span<double> scalars{};       // of the rule
  std::span<double> span_scalars{};  // of each span, one after another
  T scale = 1;
  simd::Isa isa = simd::Isa::scalar;
};

/// Elements that an executor hands out at a time: small enough to share out, large enough to be
/// worth waking a thread for.
inline constexpr std::size_t piece = std::size_t{1} << 15;

template <class T, class K, std::size_t N, Executor E>
inline void sweep_pieces(const Streams<T, T, T, N>& at, std::size_t n, T scale, const K& kernel,
                         simd::Isa isa, const E& run) noexcept {
  if constexpr (std::same_as<E, Seq>) {
    sweep(at, n, scale, kernel, isa);
  } else {
    const std::size_t pieces = (n + piece - 1) / piece;
    if (pieces < 2) return sweep(at, n, scale, kernel, isa);
    run(pieces, [&](std::size_t i) noexcept {
      sweep(at.from(i * piece), n - i * piece < piece ? n - i * piece : piece, scale, kernel, isa);
    });
  }
}

/// Makes the update that `rule` prescribes at `context`.
template <class T, class R, std::size_t N, Executor E>
inline void apply(const R& rule, const Context& context, const Job<T, N>& job,
                  const E& run) noexcept {
  static_assert(N == slot_count<R>);
  const Measure<T, N> measure{job.views, job.slots, job.scale, job.isa};
  const Scalars<R> scalars{job.scalars.data(), scalar_count<R>};
  const auto kernel = gradus::prepare<T>(rule, context, scalars, measure);
  Streams<T, T, T, N> at{nullptr, nullptr, job.slots};
  std::size_t span = 0;
  for (const View<T>& view : job.views) {
    at.p = view.p;
    at.g = view.g;
    if constexpr (HasForSpan<kernel_t<R, T>>) {
      constexpr std::size_t count = span_scalar_count<R>;
      const Measure<T, N> here{{&view, 1}, at.slot, job.scale, job.isa};
      const auto own = kernel.for_span(job.span_scalars.subspan(count * span, count), here);
      sweep_pieces(at, view.n, job.scale, own, job.isa, run);
    } else {
      sweep_pieces(at, view.n, job.scale, kernel, job.isa, run);
    }
    for (auto& s : at.slot) s += view.n;
    ++span;
  }
}

}  // namespace gradus::inline GRADUS_ABI::exec
