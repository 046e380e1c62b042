#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Quasi-hyperbolic momentum: SGD that steps by a weighted mean of the gradient and its running
/// mean.
///
///   b <- momentum * b + (1 - momentum) * g
///   p <- p - rate * ((1 - nu) * g + nu * b)
///
/// Domain: momentum in [0, 1), nu in [0, 1]: 0 is SGD, 1 is momentum, nu = momentum is Nesterov's,
///   the latter two with a rate 1 / (1 - momentum) as large.
/// Units: b is in units of the gradient; the rate is parameter^2 / loss.
/// State: one slot, b.
/// Traffic: 20 bytes a parameter in float (reads p, g, b; writes p, b).
/// Init: b = 0.
/// Cost: four multiplications, two additions, one subtraction a parameter.
/// Errors: momentum NaN or outside [0, 1); nu NaN or outside [0, 1].
/// Source: J. Ma, D. Yarats, Quasi-hyperbolic momentum and Adam for deep learning, 2019.
/// Differs: nothing.
struct QHM {
  static constexpr const char* name = "QHM";
  static constexpr const char* fields = "momentum nu";
  double momentum = 0.999;
  double nu = 0.7;

  constexpr std::array<Slot, 1> slots() const { return {{{"b"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> momentum;
    T size_g, size_b;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 1>& s) const {
      auto& [b] = s;
      b = limited(mean(momentum, b, g));
      return limited(size_g * g) + limited(size_b * b);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const math::ieee rate = c.rate;
    return {momentum, detail::round_to<T>(rate * (1.0 - nu)), detail::round_to<T>(rate * nu)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_beta<T>(name, "momentum", momentum),
                               detail::check_fraction(name, "nu", nu));
  }
  constexpr bool operator==(const QHM&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
