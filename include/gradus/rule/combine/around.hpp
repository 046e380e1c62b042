// helper header
// What a rule around another rule takes over from it.
#pragma once

#include <array>
#include <type_traits>
#include <utility>

#include <gradus/concept/stage.hpp>
#include <gradus/rule/combine/nesting.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// A rule's slots, scalars and checks as they are; what changes, `prepare` and `at`, is for whoever
/// derives from this.
template <class R>
struct Around {
  static constexpr Name name = name_of<R>();
  static constexpr bool needs_loss = gradus::needs_loss<R>;
  static constexpr bool sets_params = gradus::sets_params<R>;
  static constexpr bool only_reads = gradus::only_reads<R>;
  static constexpr bool stores_params = gradus::stores_params<R>;
  static constexpr bool rounds_params = gradus::rounds_params<R>;
  static constexpr bool stores_slots = gradus::stores_slots<R>;
  static constexpr std::array<bool, slot_count<R>> not_negative = gradus::not_negative<R>;
  template <class T>
  static constexpr bool measures = gradus::measures<R, T>;
  template <class T>
  using slot_types = slot_types_t<R, T>;
  R rule;

  constexpr explicit Around(R r) : rule(std::move(r)) {}
  constexpr auto slots() const
    requires HasSlots<R>
  {
    return rule.slots();
  }
  constexpr auto scalars() const
    requires HasScalars<R>
  {
    return rule.scalars();
  }
  constexpr auto span_scalars() const
    requires HasSpanScalars<R>
  {
    return rule.span_scalars();
  }
  template <Real T = double>
  constexpr Fault check() const {
    return fault_of<T>(rule);
  }
  constexpr bool operator==(const Around&) const = default;
};

/// A rule as it is at one step.
template <class R>
using now_t = std::remove_cvref_t<decltype(rule_at(std::declval<const R&>(), 0))>;

}}}  // namespace gradus::GRADUS_ABI::detail
