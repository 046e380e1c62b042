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

/// Elements [begin, end), in pieces that the executor shares out where there are several.
template <class T, class K, std::size_t N, Executor E>
inline void sweep_pieces(const Job<T, N>& job, std::size_t begin, std::size_t end, const K& kernel,
                         const E& run) noexcept {
  const auto part = [&](std::size_t from, std::size_t to) noexcept {
    sweep(job.views, job.slots, from, to, job.scale, kernel, job.isa);
  };
  const std::size_t pieces = (end - begin + piece - 1) / piece;
  if (std::same_as<E, Seq> || pieces < 2) return part(begin, end);
  run(pieces, [&](std::size_t i) noexcept {
    const std::size_t from = begin + i * piece;
    part(from, end - from < piece ? end : from + piece);
  });
}

/// Makes the update that `rule` prescribes at `context`.
template <class T, class R, std::size_t N, Executor E>
inline void apply(const R& rule, const Context& context, const Job<T, N>& job,
                  const E& run) noexcept {
  static_assert(N == slot_count<R>);
  const Measure<T, N, E> measure{job.views, job.slots, job.scale, job.isa, run};
  const Scalars<R> scalars{job.scalars.data(), scalar_count<R>};
  const auto kernel = gradus::prepare<T>(rule, context, scalars, measure);
  if constexpr (HasForSpan<kernel_t<R, T>>) {
    constexpr std::size_t count = span_scalar_count<R>;
    for (std::size_t j = 0; j < job.views.size(); ++j) {
      const View<T>& view = job.views[j];
      const View<T> alone{view.p, view.g, view.n};
      Measure<T, N, E> here{{&alone, 1}, job.slots, job.scale, job.isa, run};
      for (auto& s : here.slots) s += view.begin;
      const auto own = kernel.for_span(job.span_scalars.subspan(count * j, count), here);
      sweep_pieces(job, view.begin, view.begin + view.n, own, run);
    }
  } else {
    sweep_pieces(job, 0, total(job.views), kernel, run);
  }
}

}  // namespace gradus::inline GRADUS_ABI::exec
