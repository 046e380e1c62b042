// One update, arguments checked: prepare once, then one fused sweep over every span.
#pragma once

#include <concepts>
#include <cstddef>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/exec/list_of.hpp>
#include <gradus/exec/measure.hpp>
#include <gradus/exec/seq.hpp>
#include <gradus/exec/sweep.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// Elements [begin, end), in pieces; if there is more than one, the executor distributes them.
template <class Streams, class K, Executor E>
inline void sweep_pieces(const Streams& streams, std::size_t begin, std::size_t end,
                         const K& kernel, const E& run) noexcept {
  const std::size_t pieces = (end - begin + piece - 1) / piece;
  if (std::same_as<E, Seq> || pieces < 2) return sweep(streams, begin, end, kernel);
  run(pieces, [&](std::size_t i) noexcept {
    const std::size_t from = begin + i * piece;
    sweep(streams, from, end - from < piece ? end : from + piece, kernel);
  });
}

/// The sweep of all spans by a prepared kernel. `span_scalars` are those of each span, one after
/// another; the spans are numbered from `first_span`, and begin at element `begin`.
template <class Streams, class K, Executor E>
inline void sweep_spans(const Streams& streams, const K& kernel, ListOf<double> span_scalars,
                        const E& run, std::size_t first_span = 0, std::size_t begin = 0) noexcept {
  const Views views = streams.views;
  if constexpr (HasForSpan<K>) {
    static_assert(!Streams::blocked,
                  "gradus: blocks of 8 bits reach across spans, so that a rule "
                  "with a kernel for each span cannot use them");
    for (std::size_t j = 0; j < views.size(); ++j) {
      const std::size_t count = span_scalars.size() / views.size();
      const Measure<Streams, E> here{streams.alone(views[j]), run, first_span + j};
      const auto own = detail::for_span(kernel, span_scalars.subspan(count * j, count), here);
      sweep_pieces(streams, views[j].begin, views[j].begin + views[j].n, own, run);
    }
  } else {
    sweep_pieces(streams, begin, total(views), kernel, run);
  }
}

/// Makes the update that `rule` prescribes at `context`. `scalars` are the rule's, `span_scalars`
/// those of each span, one after another.
template <class Streams, class R, Executor E>
inline void apply(const R& rule, const Context& context, const Streams& streams,
                  ListOf<double> scalars, ListOf<double> span_scalars, const E& run) noexcept {
  using T = typename Streams::T;
  static_assert(Streams::slot_count == slot_count<R>);
  const Measure<Streams, E> measure{streams, run};
  const auto kernel = gradus::prepare<T>(rule, context, scalars.data(), measure);
  sweep_spans(streams, kernel, span_scalars, run);
}

}}}  // namespace gradus::GRADUS_ABI::exec
