// helper header
// What a rule around another rule takes over from it.
#pragma once

#include <array>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/error/fault.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// A rule around another one, R, whose state, checks and preparation it takes over. `Outer` derives
/// from this and says only what it changes. It has two members: `with(rule)` gives the same wrapper
/// around another rule, because a rule whose fields vary is another one at each step, and
/// `around(kernel, context)` gives its kernel, from that of the rule.
template <class Outer, class R>
struct Around {
  static constexpr Name name = name_of<R>();
  static constexpr RuleTraits traits = gradus::traits<R>;
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
  constexpr auto at(step_t t) const
    requires HasAt<R>
  {
    return static_cast<const Outer&>(*this).with(rule.at(t));
  }
  template <Real T, class... More>
  constexpr auto prepare(const Context& c, const More&... more) const
    requires Prepares<R, T, More...>
  {
    return static_cast<const Outer&>(*this).around(rule.template prepare<T>(c, more...), c);
  }
  template <Real T = double>
  constexpr Fault check() const {
    return fault_of<T>(rule);
  }
  constexpr bool operator==(const Around&) const = default;
};

}}}  // namespace gradus::GRADUS_ABI::detail
