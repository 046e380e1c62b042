// optional header
// The names of slots in a file: those of PyTorch, if it has the rule.
#pragma once

#include <string>
#include <string_view>

#include <gradus/memory/saved_name.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// The name in a file of a slot of this rule: "exp_avg" for Adam's "m", "Adam.exp_avg" for the
/// slot "Adam.m" of a chain. A slot that PyTorch has no name for keeps its own.
inline std::string state_name(std::string_view rule, std::string_view slot) {
  const auto [prefix, name] = gradus::detail::saved_name(rule, slot);
  return std::string(prefix).append(name);
}

}}}  // namespace gradus::GRADUS_ABI::io
