// optional header
// Texts, one after another.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The texts, one after another. A chain of + does the same, but a compiler spends far more time
/// on it.
GRADUS_NOINLINE inline std::string concat(std::initializer_list<std::string_view> texts) {
  std::string r;
  for (const std::string_view text : texts) r.append(text);
  return r;
}
/// Adds an item to a list that is separated by commas.
GRADUS_NOINLINE inline void add_item(std::string& list, std::string_view item) {
  if (!list.empty()) list.append(", ");
  list.append(item);
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
