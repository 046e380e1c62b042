#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/rmsprop.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// RMSprop, centered and with momentum, rate outside the velocity.
///
///   v <- alpha * v + (1 - alpha) * g^2
///   a <- alpha * a + (1 - alpha) * g
///   b <- momentum * b + g / (sqrt(max(0, v - a^2)) + eps)
///   p <- p - rate * b
///
/// Domain: alpha, momentum in [0, 1), eps > 0, initial_accumulator_value >= 0; eps_place says where
///   eps goes.
/// Units: as RMSprop; a is in units of the gradient, b is a number.
/// State: three slots, v, a and b.
/// Traffic: 36 bytes a parameter in float (reads p, g, v, a, b; writes p, v, a, b).
/// Init: v = initial_accumulator_value, a = b = 0.
/// Cost: one square root and one division a parameter.
/// Errors: as RMSprop; momentum NaN or outside [0, 1).
/// Source: A. Graves, Generating sequences with recurrent neural networks, 2013.
/// Differs: as `CenteredRMSprop` and `RMSpropMomentum`.
struct CenteredRMSpropMomentum {
  static constexpr const char* name = "CenteredRMSpropMomentum";
  static constexpr const char* fields = "alpha momentum eps initial_accumulator_value eps_place";
  double alpha = 0.99;
  double momentum = 0.9;
  double eps = 1e-8;
  double initial_accumulator_value = 0;
  Eps eps_place = Eps::outside;

  static constexpr std::array<bool, 3> not_negative{true, false, false};
  constexpr std::array<Slot, 3> slots() const {
    return {{{"v", initial_accumulator_value}, {"a"}, {"b"}}};
  }

  template <Real T>
  struct Kernel {
    detail::Factor<T> rate;
    detail::WideBeta<T> alpha;
    detail::Factor<T> momentum;
    detail::Root<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 3>& s) const {
      auto& [v, a, b] = s;
      v = mean_of_squares(alpha, v, g);
      a = mean(alpha, a, g);
      b = momentum * b + limited(g / root(detail::variance(v, a)));
      return rate * b;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate), alpha, static_cast<T>(momentum), {eps_place, eps}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(
        RMSprop{alpha, eps, initial_accumulator_value, eps_place}.check_as<T>(name),
        detail::check_beta<T>(name, "momentum", momentum));
  }
  constexpr bool operator==(const CenteredRMSpropMomentum&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
