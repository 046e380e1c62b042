#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// SGD with momentum (heavy ball), rate outside the velocity.
///
///   b <- momentum * b + g
///   p <- p - rate * b
///
/// Domain: momentum in [0, 1).
/// Units: b is in units of the gradient; the rate is parameter^2 / loss.
/// State: one slot, b.
/// Traffic: 20 bytes a parameter in float (reads p, g, b; writes p, b).
/// Init: b = 0, so that the first step is plain SGD.
/// Cost: two multiplications, one addition, one subtraction a parameter.
/// Errors: momentum NaN or outside [0, 1).
/// Source: B. T. Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
/// Differs: default 0.9 (PyTorch 0). As PyTorch, optax and libtorch. Keras, ensmallen, dlib and
///   Caffe put the rate inside the velocity, which is the same for a constant rate only. With
///   dampening it is `DampenedMomentum`.
struct Momentum {
  static constexpr const char* name = "Momentum";
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
      return rate * b;
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
  constexpr bool operator==(const Momentum&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
