#pragma once

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/rule/combine/around.hpp>
#include <gradus/rule/combine/nesting.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A rule whose slots are stored as other types, in fewer bytes. Made by `stored`.
///
///   stored<bfloat16>(Adam{})          m and v in 2 bytes each
///   stored<bfloat16, float>(Adam{})   only m
///
/// The arithmetic stays in float: a slot is widened when it is read, and rounded to the nearest
/// when it is written.
///
/// Domain: the rule's.
/// Units: the rule's.
/// State: the rule's slots, as S....
/// Traffic: 2 sizeof(S) bytes a slot in place of 8.
/// Init: the rule's, rounded.
/// Cost: the rule's, and the conversions.
/// Errors: the rule's fault; at compile time, a slot that can be negative as `Positive8`, which has
///   no sign; anything inside that says how parameters or slots are stored.
/// Source: -
/// Differs: a beta2 of 0.999 shrinks v by a 1000th, which bfloat16 with its 8 bits rounds away: v
///   then never falls. Keep v in float, or round at random (`Stochastic`).
template <class R, Storage... S>
  requires(sizeof...(S) == slot_count<R>)
struct Stored : detail::Around<Stored<R, S...>, R> {
  static_assert(StoreNoParams<R>,
                "gradus::stored stands inside of Stochastic, Master and Compensated: "
                "Master{stored<bfloat16>(rule)}");
  static_assert(StoresNoSlots<R>,
                "gradus::stored stands once: what it is around says already how slots are stored");
  static_assert(SignsKept<R, S...>,
                "gradus::stored: Positive8 has no sign, and a slot here can be negative (as "
                "Momentum's b can): store that one as Signed8");
  static constexpr RuleTraits traits = gradus::traits<R> | RuleTraits{.stores_slots = true};
  using detail::Around<Stored, R>::Around;
  template <class T>
  using slot_types = std::tuple<S...>;

  // The sweep rounds and widens: what is prepared for one step, rule and kernel, is the inner one.
  template <class R2>
  constexpr R2 with(R2 other) const {
    return other;
  }
  template <class K>
  constexpr K around(const K& kernel, const Context&) const {
    return kernel;
  }
  constexpr bool operator==(const Stored&) const = default;
};

namespace detail {
template <class R, class S, std::size_t... J>
constexpr auto store_all(R rule, std::index_sequence<J...>) {
  return Stored<R, std::conditional_t<J == 0, S, S>...>(std::move(rule));
}
}  // namespace detail

/// The rule with its slots stored as S..., one type for all or one for each.
template <Storage... S, class R>
  requires(sizeof...(S) == 1 || sizeof...(S) == slot_count<R>)
constexpr auto stored(R rule) {
  if constexpr (sizeof...(S) == slot_count<R>) {
    return Stored<R, S...>(std::move(rule));
  } else {
    return detail::store_all<R, S...>(std::move(rule), std::make_index_sequence<slot_count<R>>{});
  }
}

}}  // namespace gradus::GRADUS_ABI
