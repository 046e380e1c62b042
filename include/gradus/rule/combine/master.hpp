#pragma once

#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/rule/combine/wider.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
struct Copy {
  template <class T>
  using type = T;
  static constexpr Slot slot{"master", 0, Slot::From::params};
  template <class V>
  GRADUS_KERNEL static const V& whole(const V&, const V& master) {
    return master;
  }
  template <class V>
  GRADUS_KERNEL static void split(const V& whole, V& p, V& master) {
    master = p = whole;
  }
};
}  // namespace detail

/// A rule, or a whole chain, that keeps the parameters in full as a slot of its own: those of the
/// caller, bfloat16 or float16, are its rounded copy.
///
///   master <- master - step(master, g);  p <- master, rounded
///
/// Domain: the rule's.
/// Units: the rule's.
/// State: the rule's slots, and "master" of the arithmetic's type.
/// Traffic: the rule's and 8 bytes; parameters and gradients 2 each in place of 4.
/// Init: master starts as a copy of the parameters.
/// Cost: the rule's.
/// Errors: the rule's fault; at compile time, inside of it or around it anything that does not
///   stand there: `Stochastic{Master{Chain{...}}}` is the order.
/// Source: P. Micikevicius et al., Mixed precision training, 2018.
/// Differs: norms of parameters (LAMB) are the master's.
template <class R>
struct Master : detail::Wider<Master<R>, R, detail::Copy> {
  using detail::Wider<Master, R, detail::Copy>::Wider;
  template <class R2>
  constexpr Master<R2> with(R2 other) const {
    return Master<R2>(std::move(other));
  }
};
template <class R>
Master(R) -> Master<R>;

}}  // namespace gradus::GRADUS_ABI
