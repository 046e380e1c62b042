#pragma once

#include <array>

#include <gradus/concept/slot.hpp>
#include <gradus/config/compiler.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/sign_sgd.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Signum: signSGD with momentum.
///
///   m <- momentum * m + (1 - momentum) * g
///   p <- p - rate * sign(m),  sign(0) = 0
///
/// Domain: momentum in [0, 1).
/// Units: m is in units of the gradient; the rate is in units of the parameter.
/// State: one slot, m.
/// Traffic: 20 bytes a parameter in float (reads p, g, m; writes p, m).
/// Init: m = 0.
/// Cost: two multiplications, one addition, two comparisons, one subtraction a parameter.
/// Errors: momentum NaN or outside [0, 1).
/// Source: J. Bernstein et al., signSGD: compressed optimisation for non-convex problems, 2018.
/// Differs: MXNet's and kozistr's decay the parameters as well: `WeightDecay` behind it. `Lion` is
///   the same with a look ahead.
struct Signum {
  static constexpr const char* name = "Signum";
  static constexpr const char* fields = "momentum";
  double momentum = 0.9;

  constexpr std::array<Slot, 1> slots() const { return {{{"m"}}}; }

  template <Real T>
  struct Kernel {
    SignSGD::Kernel<T> against;
    detail::Beta<T> momentum;
    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 1>& s) const {
      auto& [m] = s;
      m = mean(momentum, m, g);
      return against(p, m, s);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {SignSGD{}.prepare<T>(c), momentum};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_beta<T>(name, "momentum", momentum);
  }
  constexpr bool operator==(const Signum&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
