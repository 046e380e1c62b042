#pragma once

#include <array>

#include <gradus/concept/slot.hpp>
#include <gradus/config/compiler.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/sign_sgd.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Lion: steps by the sign of a mean of momentum and gradient, so that every parameter moves by the
/// rate.
///
///   c = beta1 * m + (1 - beta1) * g
///   p <- p - rate * sign(c),  sign(0) = 0
///   m <- beta2 * m + (1 - beta2) * g
///
/// Domain: beta1, beta2 in [0, 1).
/// Units: m is in units of the gradient; the rate is in units of the parameter. Use a third to a
///   tenth of Adam's rate, and a weight decay larger by that factor.
/// State: one slot, m.
/// Traffic: 20 bytes a parameter in float (reads p, g, m; writes p, m).
/// Init: m = 0.
/// Cost: four multiplications, two additions, two comparisons, one subtraction a parameter.
/// Errors: a beta NaN or outside [0, 1).
/// Source: X. Chen et al., Symbolic discovery of optimization algorithms, 2023.
/// Differs: sign(0) = 0 as in optax, timm and MLX; DeepSpeed copies the sign bit, so that a
///   parameter without gradient moves by the rate. Weight decay, in optax 1e-3 by default, is
///   `Chain{Lion{}, WeightDecay{...}}`.
struct Lion {
  static constexpr const char* name = "Lion";
  static constexpr const char* fields = "beta1 beta2";
  double beta1 = 0.9;
  double beta2 = 0.99;

  constexpr std::array<Slot, 1> slots() const { return {{{"m"}}}; }

  template <Real T>
  struct Kernel {
    SignSGD::Kernel<T> against;
    detail::Beta<T> beta1, beta2;
    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 1>& s) const {
      auto& [m] = s;
      const V c = mean(beta1, m, g);
      m = mean(beta2, m, g);
      return against(p, c, s);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {SignSGD{}.prepare<T>(c), beta1, beta2};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_beta<T>(name, "beta1", beta1),
                               detail::check_beta<T>(name, "beta2", beta2));
  }
  constexpr bool operator==(const Lion&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
