#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// SGD with Nesterov's momentum, in the form that evaluates the gradient where the parameters are.
///
///   b <- momentum * b + g
///   p <- p - rate * (g + momentum * b)
///
/// Domain: momentum in [0, 1).
/// Units: b is in units of the gradient; the rate is parameter^2 / loss.
/// State: one slot, b.
/// Traffic: 20 bytes a parameter in float (reads p, g, b; writes p, b).
/// Init: b = 0.
/// Cost: three multiplications, two additions, one subtraction a parameter.
/// Errors: momentum NaN or outside [0, 1).
/// Source: Y. Nesterov, A method of solving a convex programming problem with convergence rate
///   O(1/k^2), 1983; this form is of I. Sutskever et al., On the importance of initialization and
///   momentum in deep learning, 2013.
/// Differs: default 0.9. As PyTorch and optax; other systems' forms agree with it for a
///   constant rate and momentum.
struct Nesterov {
  static constexpr const char* name = "Nesterov";
  static constexpr const char* fields = "momentum";
  double momentum = 0.9;

  constexpr std::array<Slot, 1> slots() const { return {{{"b"}}}; }

  template <Real T>
  struct Kernel {
    detail::Factor<T> rate;
    T momentum;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 1>& s) const {
      auto& [b] = s;
      b = momentum * b + g;
      return rate * (g + momentum * b);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate), static_cast<T>(momentum)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_beta<T>(name, "momentum", momentum);
  }
  constexpr bool operator==(const Nesterov&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
