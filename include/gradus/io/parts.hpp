// optional header
// The contents of a file, of all of its parts.
#pragma once

#include <cstddef>
#include <tuple>

#include <gradus/io/contents.hpp>
#include <gradus/io/named.hpp>
#include <gradus/io/optimizer_part.hpp>

namespace gradus::inline GRADUS_ABI::io::detail {

/// What can be a part: optimizers, groups of them, and what is named.
template <class X>
concept Part = requires(X& x) { part_of(x); };

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

}  // namespace gradus::inline GRADUS_ABI::io::detail
