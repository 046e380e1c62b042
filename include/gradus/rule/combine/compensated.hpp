#pragma once

#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/rule/combine/wider.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
struct Remainder {
  template <class T>
  using type = bfloat16;
  static constexpr Slot slot{"remainder"};
  template <class V>
  GRADUS_KERNEL static V whole(const V& p, const V& remainder) {
    return p + remainder;
  }
  template <class V>
  GRADUS_KERNEL static void split(const V& whole, V& p, V& remainder) {
    p = whole.template rounded<bfloat16>();
    remainder = whole - p;  // exact
  }
};
}  // namespace detail

/// A rule, or a whole chain, for parameters in bfloat16 that remembers, in bfloat16 too, what their
/// rounding cuts off, and adds it before the next step.
///
///   w = p + remainder - step(p + remainder, g);  p <- w, rounded;  remainder <- w - p, rounded
///
/// Domain: the rule's; parameters of type bfloat16 (others are rounded to it).
/// Units: the rule's.
/// State: the rule's slots, and "remainder" in bfloat16.
/// Traffic: the rule's and 4 bytes; parameters and gradients 2 each in place of 4.
/// Init: remainder = 0.
/// Cost: the rule's and a rounding.
/// Errors: the rule's fault; at compile time, inside of it or around it anything that does not
///   stand there: `Stochastic{Compensated{Chain{...}}}` is the order.
/// Source: W. Kahan, Further remarks on reducing truncation errors, 1965; P. Zamirai et al.,
///   Revisiting bfloat16 training, 2020.
/// Differs: norms of parameters (LAMB) are those of p + remainder.
template <class R>
struct Compensated : detail::Wider<Compensated<R>, R, detail::Remainder> {
  using detail::Wider<Compensated, R, detail::Remainder>::Wider;
  template <class R2>
  constexpr Compensated<R2> with(R2 other) const {
    return Compensated<R2>(std::move(other));
  }
};
template <class R>
Compensated(R) -> Compensated<R>;

}}  // namespace gradus::GRADUS_ABI
