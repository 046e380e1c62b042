// optional header
// The contents of a file, of all of its parts.
#pragma once

#include <cstddef>
#include <tuple>

#include <gradus/io/contents.hpp>
#include <gradus/io/named.hpp>
#include <gradus/io/optimizer_part.hpp>

namespace gradus::inline GRADUS_ABI::io::detail {

/// Where there are several optimizers, their names begin with a number.
template <class... Part>
Contents contents_of(std::tuple<Part...>& parts) {
  Contents contents;
  std::apply(
      [&](Part&... part) {
        contents.many = (std::size_t{0} + ... + part.optimizers()) > 1;
        (part.add_to(contents), ...);
      },
      parts);
  contents.sort();
  return contents;
}

}  // namespace gradus::inline GRADUS_ABI::io::detail
