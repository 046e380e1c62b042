// optional header
// The names of slots in a file: those of PyTorch, if it has the rule.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <gradus/concept/slot.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

struct StateName {
  std::string_view rule, slot, name;
};
/// By the beginning of the rule's name; an empty one is for all other rules.
inline constexpr auto state_names = std::to_array<StateName>({
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

}  // namespace detail

/// The name in a file of a slot of this rule: "exp_avg" for Adam's "m". In the "Adam.m" of a chain,
/// Adam is the rule. A slot that PyTorch has no name for keeps its own.
inline std::string state_name(std::string_view rule, std::string_view slot) {
  const std::size_t dot = slot.rfind('.');
  std::string prefix;
  if (dot != std::string_view::npos) {
    prefix = slot.substr(0, dot + 1);
    rule = slot.substr(0, dot);
    while (!rule.empty() && rule.back() >= '0' && rule.back() <= '9') rule.remove_suffix(1);
    slot.remove_prefix(dot + 1);
  }
  for (const detail::StateName& known : detail::state_names)
    if (known.slot == slot && (known.rule.empty() || rule.starts_with(known.rule)))
      return prefix + std::string(known.name);
  return prefix + std::string(slot);
}

}}}  // namespace gradus::GRADUS_ABI::io
