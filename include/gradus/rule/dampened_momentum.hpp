#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// SGD with momentum that adds only a part of each gradient. With dampening = momentum, b is a
/// running mean.
///
///   b <- g  at step 0
///   b <- momentum * b + (1 - dampening) * g  after it
///   p <- p - rate * b
///
/// Domain: momentum, dampening in [0, 1). dampen_first: step 0 is as the others.
/// Units: b is in units of the gradient; the rate is parameter^2 / loss.
/// State: one slot, b.
/// Traffic: 20 bytes a parameter in float (reads p, g, b; writes p, b).
/// Init: b = 0.
/// Cost: three multiplications, one addition, one subtraction a parameter.
/// Errors: momentum or dampening NaN or outside [0, 1).
/// Source: the `dampening` of Torch's SGD.
/// Differs: as PyTorch, bit for bit, except for the momentum, 0 there. burn has a dampening of 0.1;
///   MLX dampens the first gradient, too.
struct DampenedMomentum {
  static constexpr const char* name = "DampenedMomentum";
  static constexpr const char* fields = "momentum dampening dampen_first";
  double momentum = 0.9;
  double dampening = 0;
  bool dampen_first = false;

  constexpr std::array<Slot, 1> slots() const { return {{{"b"}}}; }

  template <Real T>
  struct Kernel {
    detail::Factor<T> rate;
    T momentum, rest;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 1>& s) const {
      auto& [b] = s;
      b = momentum * b + rest * g;
      return rate * b;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const bool whole = c.t == 0 && !dampen_first;
    return {static_cast<T>(c.rate), static_cast<T>(momentum),
            whole ? T{1} : static_cast<T>(1.0 - dampening)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_beta<T>(name, "momentum", momentum),
                               detail::check_beta<T>(name, "dampening", dampening));
  }
  constexpr bool operator==(const DampenedMomentum&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
