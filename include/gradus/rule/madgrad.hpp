#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/simd/cube_root.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// MADGRAD: dual averaging from the initial parameters, divided by a cube root.
///
///   w = rate * sqrt(n);  s <- s + w * g;  v <- v + w * g^2,  n = t + 1
///   p <- momentum * p + (1 - momentum) * (start - s / (cbrt(v) + eps))
///
/// Domain: momentum in [0, 1), eps > 0.
/// Units: s is rate * gradient, v its rate * square; eps is their ratio's, per parameter.
/// State: three slots, s, v and start.
/// Traffic: 36 bytes a parameter in float (reads p, g, s, v, start; writes p, s, v, start).
/// Init: s = v = 0, start = p at construction.
/// Cost: six square roots and seven divisions a parameter, in double ten roots.
/// Errors: momentum NaN or outside [0, 1); eps zero, negative, NaN, infinite, or zero once rounded
///   to the parameters' type; an optimizer made for a number of parameters.
/// Source: A. Defazio, S. Jelassi, Adaptivity without compromise: a momentumized, adaptive, dual
///   averaged gradient method for stochastic optimization, 2021.
/// Differs: the authors' code (and timm's) adds eps to the rate as well, and computes start anew at
///   each step where momentum is 0.
struct MADGRAD {
  static constexpr const char* name = "MADGRAD";
  static constexpr const char* fields = "momentum eps";
  double momentum = 0.9;
  double eps = 1e-6;

  static constexpr std::array<bool, 3> not_negative{false, true, false};
  constexpr std::array<Slot, 3> slots() const {
    return {{{"s"}, {"v"}, {"start", 0, Slot::From::params}}};
  }

  template <Real T>
  struct Kernel {
    T weight, rest, eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 3>& slots) const {
      auto& [s, v, start] = slots;
      const V h = squarable(g);
      s = limited(s + weight * h);
      v = limited(v + (weight * h) * h);
      return rest * ((p - start) + s / (simd::cube_root(v) + eps));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const math::ieee weight = math::ieee(c.rate) * math::sqrt(c.n());
    return {detail::round_to<T>(weight), static_cast<T>(1.0 - momentum), static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_beta<T>(name, "momentum", momentum),
                               detail::check_divisor<T>(name, "eps", eps));
  }
  constexpr bool operator==(const MADGRAD&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
