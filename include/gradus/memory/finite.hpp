// Gradients that are not finite: what each policy does with them.
#pragma once

#include <cstddef>

#include <gradus/exec/all_finite.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/memory/caller.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Refuses the gradients of span `span`, of which one is not finite, and names the first.
template <class Streams>
[[noreturn]] GRADUS_COLD void refuse_non_finite(const Caller& who, const Streams& streams,
                                                std::size_t span) {
  using T = typename Streams::T;
  const exec::View& view = streams.views[span];
  const auto scaled = [&](std::size_t i) {
    return static_cast<T>(streams.scale * static_cast<T>(streams.g(view)[i]));
  };
  std::size_t i = 0;
  while (i + 1 < view.n && math::is_finite(scaled(i))) ++i;
  refuse(who.about("grads", span) << " must be finite (got " << static_cast<double>(scaled(i))
                                  << " at element " << i << ")");
}

/// Whether these gradients may be used: all of them, or under `propagate` any. Errors: as `raise`
/// says.
template <class Streams>
inline bool usable(const Caller& who, const Streams& streams, NonFinite policy) {
  if (policy == NonFinite::propagate) return true;
  const std::size_t bad = exec::first_non_finite(streams);
  if (bad == streams.views.size()) return true;
  if (policy == NonFinite::raise) refuse_non_finite(who, streams, bad);
  return false;
}

}}}  // namespace gradus::GRADUS_ABI::detail
