#pragma once

#include <array>

#include <gradus/concept/rule.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// signSGD: moves every parameter by the rate, against the sign of its gradient.
///
///   p <- p - rate * sign(g),  sign(0) = 0
///
/// Domain: any gradient; an infinite one has a sign, a NaN stays NaN.
/// Units: the rate is in units of the parameter.
/// State: none.
/// Traffic: 12 bytes a parameter in float (reads p, g; writes p).
/// Init: nothing.
/// Cost: two comparisons and one subtraction a parameter.
/// Errors: none of its own.
/// Source: J. Bernstein et al., signSGD: compressed optimisation for non-convex problems, 2018.
/// Differs: as optax' sign_sgd. The form with momentum is `Signum`.
struct SignSGD {
  static constexpr const char* name = "SignSGD";

  template <Real T>
  struct Kernel {
    T rate;
    // Where g is neither below nor above zero, it is its own sign, also as NaN.
    template <class V, std::size_t N>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, N>&) const {
      const V zero(T{0});
      return select_less(g, zero, V(-rate), select_less(zero, g, V(rate), g));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate)};
  }
  constexpr bool operator==(const SignSGD&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
