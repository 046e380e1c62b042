#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// COCOB, continuous coin betting: each parameter bets on the sign of its next gradient, with a
/// part of what its bets have won so far.
///
///   L <- max(L, |g|);  G <- G + |g|;  R <- max(R - g * (p - start), 0);  o <- o - g
///   bet = o / L * (L + R) / max(G + L, alpha * L);  p <- p - rate * (p - (start + bet))
///
/// Domain: alpha > 0, eps > 0.
/// Units: rate is a plain number: `Constant{1.0}`, or a schedule that falls from 1. L, G and o are
///   in units of the gradient, as is eps; alpha is a number of steps.
/// State: five slots, start, largest, total, reward and balance (L, G, R, o).
/// Traffic: 52 bytes a parameter in float (reads p, g and the slots; writes p and the slots).
/// Init: start = p at construction, L = eps, G = R = o = 0.
/// Cost: two divisions and four selections a parameter.
/// Errors: alpha or eps not positive and finite, or zero in the parameters' type; an optimizer
///   constructed with a number of parameters instead of the parameters.
/// Source: F. Orabona, T. Tommasi, Training deep networks without learning rates through coin
///   betting, 2017, COCOB-Backprop.
/// Differs: optax multiplies the gradients by the rate, which is the same at 1. Here a falling rate
///   slows the bets down, and stops them at 0.
struct COCOB {
  static constexpr const char* name = "COCOB";
  static constexpr const char* fields = "alpha eps";
  static constexpr RuleTraits traits{.sets_params = true};
  double alpha = 100;
  double eps = 1e-8;

  static constexpr std::array<bool, 5> not_negative{false, true, true, true, false};
  constexpr std::array<Slot, 5> slots() const {
    return {
        {{"start", 0, Slot::From::params}, {"largest", eps}, {"total"}, {"reward"}, {"balance"}}};
  }

  template <Real T>
  struct Kernel {
    T rate, alpha;
    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 5>& slots) const {
      auto& [start, largest, total, reward, balance] = slots;
      const V h = squarable(g), travel = limited(p - start);
      largest = max(largest, abs(h));
      total = total + abs(h);
      reward = limited(max(V(T{0}), reward - h * travel));
      balance = balance - h;
      const V part = limited((largest + reward) / max(total + largest, alpha * largest));
      return rate * limited(travel - balance / largest * part);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate), static_cast<T>(alpha)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_divisor<T>(name, "alpha", alpha),
                               detail::check_divisor<T>(name, "eps", eps));
  }
  constexpr bool operator==(const COCOB&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
