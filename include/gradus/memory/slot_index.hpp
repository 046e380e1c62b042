// Which slot is meant, by number or by name.
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

#include <gradus/concept/rule.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/memory/saved_name.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The number of one of a rule's slots, which may be given by its name in saved files too; or a
/// refusal that says what there is: also the slots of `matrices`, whose sizes follow from shapes.
template <class R, class Which, class Matrices>
std::size_t slot_index(const R& rule, const Which& which, const Matrices& matrices) {
  const auto slots = slots_of(rule);
  if constexpr (std::integral<Which>) {
    const auto j = static_cast<std::size_t>(which);
    if (j < slots.size()) return j;
    refuse({"Optimizer", "slot", "must be below the number of slots", static_cast<double>(j)});
  } else {
    const std::string_view name(which);
    for (std::size_t j = 0; j < slots.size(); ++j)
      if (slots[j].name.view() == name) return j;
    const Name rule_name = name_of<R>();
    for (std::size_t j = 0; j < slots.size(); ++j)
      if (saved_name(rule_name.view(), slots[j].name.view()) == name) return j;
    Sentence names;
    const char* before = "gradus::Optimizer.slot must be one of ";
    for (const Slot& slot : slots) names << before << slot.name.view(), before = ", ";
    if constexpr (requires { matrices.slot_count(); })
      for (std::size_t i = 0; i < matrices.slot_count(); ++i)
        names << before << matrices.slot_name(i).view(), before = ", ";
    if (*names.text() == '\0')
      names << "gradus::Optimizer.slot must not be asked for, because the rule has no slots";
    refuse(names << " (got \"" << name.substr(0, 64) << "\")");
  }
}

}}}  // namespace gradus::GRADUS_ABI::detail
