// optional header
// The parts of a saved file.
#pragma once

#include <cstddef>
#include <utility>

#include <gradus/save/contents.hpp>
#include <gradus/save/groups_part.hpp>
#include <gradus/save/named.hpp>
#include <gradus/save/named_spans.hpp>
#include <gradus/save/optimizer_part.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// What can be saved: optimizers, groups of them, and what is named.
template <class X>
concept SavedPart = requires(X& x) { part_of(x); };
/// Whether it can be loaded.
template <class X>
inline constexpr bool is_writable = decltype(part_of(std::declval<X&>()))::writable;

/// Calls f with the parts of these objects. `part_of` is called without its namespace, because a
/// qualified name would not find overloads from headers that are included later.
template <class F, class... X>
void with_parts(const F& f, X&... x) {
  f(part_of(x)...);
}

/// The contents of a file. With several optimizers, the names of each begin with its number.
template <class... P>
Contents contents_of(P&... parts) {
  Contents contents;
  contents.many = (std::size_t{0} + ... + parts.optimizers()) > 1;
  (parts.add_to(contents), ...);
  contents.sort();
  return contents;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
