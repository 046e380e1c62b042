// optional header
// The contents of a file, of all of its parts.
#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

#include <gradus/save/contents.hpp>
#include <gradus/save/groups_part.hpp>
#include <gradus/save/named.hpp>
#include <gradus/save/named_spans.hpp>
#include <gradus/save/optimizer_part.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// What can be a part: optimizers, groups of them, and what is named.
template <class X>
concept Part = requires(X& x) { part_of(x); };
/// Whether it can be loaded into.
template <class X>
inline constexpr bool is_writable = decltype(part_of(std::declval<X&>()))::writable;

/// The parts of a call. `part_of` stands without its namespace: a qualified name would not find
/// what a header that is included later adds.
template <class... X>
auto parts_of(X&... x) {
  return std::tuple{part_of(x)...};
}

/// Where there are several optimizers, their names begin with a number.
template <class... P>
Contents contents_of(std::tuple<P...>& parts) {
  Contents contents;
  std::apply(
      [&](P&... part) {
        contents.many = (std::size_t{0} + ... + part.optimizers()) > 1;
        (part.add_to(contents), ...);
      },
      parts);
  contents.sort();
  return contents;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
