// The names of slots in saved files: those of PyTorch, if it has the rule.
#pragma once

#include <array>
#include <string_view>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The name of a slot in files, by the beginning of the rule's name; an empty one: all others.
struct NameInFiles {
  std::string_view rule, slot, name;
};
inline constexpr auto names_in_files = std::to_array<NameInFiles>({
    {"Adadelta", "v", "square_avg"},
    {"Adadelta", "u", "acc_delta"},
    {"Adagrad", "v", "sum"},
    {"Adamax", "u", "exp_inf"},
    {"RMSprop", "v", "square_avg"},
    {"CenteredRMSprop", "v", "square_avg"},
    {"CenteredRMSprop", "a", "grad_avg"},
    {"Rprop", "size", "step_size"},
    {"", "m", "exp_avg"},
    {"", "v", "exp_avg_sq"},
    {"", "largest", "max_exp_avg_sq"},
    {"", "b", "momentum_buffer"},
});

/// A slot's name in two pieces: the part of a chain that it belongs to, "Adam.", and the name
/// there.
struct SavedName {
  std::string_view prefix, name;
  constexpr bool operator==(std::string_view whole) const noexcept {
    return whole.starts_with(prefix) && whole.substr(prefix.size()) == name;
  }
};
/// The name in files of a slot of this rule: "exp_avg" for Adam's "m". In the slot "Adam.m" of a
/// chain the rule is Adam. A slot that PyTorch has no name for keeps its own.
constexpr SavedName saved_name(std::string_view rule, std::string_view slot) noexcept {
  const std::string_view prefix = slot.substr(0, slot.rfind('.') + 1);
  slot.remove_prefix(prefix.size());
  if (!prefix.empty()) rule = prefix.substr(0, prefix.size() - 1);
  while (!rule.empty() && rule.back() >= '0' && rule.back() <= '9') rule.remove_suffix(1);
  for (const NameInFiles& known : names_in_files)
    if (known.slot == slot && rule.starts_with(known.rule)) return {prefix, known.name};
  return {prefix, slot};
}

}}}  // namespace gradus::GRADUS_ABI::detail
