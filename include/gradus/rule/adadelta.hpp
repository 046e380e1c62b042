#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/mean.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Adadelta: divides each gradient by the root mean square of past gradients, and multiplies it by
/// that of past steps.
///
///   v <- rho * v + (1 - rho) * g^2
///   d = sqrt(u + eps) / sqrt(v + eps) * g
///   u <- rho * u + (1 - rho) * d^2
///   p <- p - rate * d
///
/// Domain: rho in [0, 1), eps > 0.
/// Units: v is in units of the gradient squared, u of the parameter squared, and eps of both; the
///   rate is a factor, 1 in the paper.
/// State: two slots, v and u.
/// Traffic: 28 bytes a parameter in float (reads p, g, v, u; writes p, v, u).
/// Init: v = u = 0.
/// Cost: two square roots and one division a parameter.
/// Errors: rho NaN or outside [0, 1); eps zero, negative, NaN, infinite, or zero once rounded to
///   the parameters' type.
/// Source: M. D. Zeiler, ADADELTA: an adaptive learning rate method, 2012.
/// Differs: as PyTorch, bit for bit. Keras and ensmallen: rho 0.95; flashlight: eps 1e-8.
struct Adadelta {
  static constexpr const char* name = "Adadelta";
  static constexpr const char* fields = "rho eps";
  double rho = 0.9;
  double eps = 1e-6;

  static constexpr std::array<bool, 2> not_negative{true, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"v"}, {"u"}}}; }

  template <Real T>
  struct Kernel {
    detail::Factor<T> rate;
    detail::WideBeta<T> rho;
    T eps;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [v, u] = s;
      v = mean_of_squares(rho, v, g);
      const V d = sqrt(u + eps) / sqrt(v + eps) * g;
      u = mean_of_squares(rho, u, d);
      return rate * d;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate), rho, static_cast<T>(eps)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_beta<T>(name, "rho", rho),
                               detail::check_divisor<T>(name, "eps", eps));
  }
  constexpr bool operator==(const Adadelta&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
