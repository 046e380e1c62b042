#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/rmsprop.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// RMSprop with momentum, rate outside the velocity.
///
///   v <- alpha * v + (1 - alpha) * g^2
///   b <- momentum * b + g / (sqrt(v) + eps)
///   p <- p - rate * b
///
/// Domain: alpha, momentum in [0, 1), eps > 0, initial_accumulator_value >= 0; eps_place says where
///   eps goes.
/// Units: as RMSprop; b is a number.
/// State: two slots, v and b.
/// Traffic: 28 bytes a parameter in float (reads p, g, v, b; writes p, v, b).
/// Init: v = initial_accumulator_value, b = 0.
/// Cost: one square root and one division a parameter.
/// Errors: as RMSprop; momentum NaN or outside [0, 1).
/// Source: T. Tieleman, G. Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012.
/// Differs: as PyTorch, bit for bit, except for the momentum, 0 there. Keras, optax and timm have
///   the rate inside the velocity: `Chain{RMSprop{}, Velocity{}}`.
struct RMSpropMomentum {
  static constexpr const char* name = "RMSpropMomentum";
  static constexpr const char* fields = "alpha momentum eps initial_accumulator_value eps_place";
  double alpha = 0.99;
  double momentum = 0.9;
  double eps = 1e-8;
  double initial_accumulator_value = 0;
  Eps eps_place = Eps::outside;

  static constexpr std::array<bool, 2> not_negative{true, false};
  constexpr std::array<Slot, 2> slots() const {
    return {{{"v", initial_accumulator_value}, {"b"}}};
  }

  template <Real T>
  struct Kernel {
    detail::Factor<T> rate;
    detail::WideBeta<T> alpha;
    detail::Factor<T> momentum;
    detail::Root<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [v, b] = s;
      v = mean_of_squares(alpha, v, g);
      b = momentum * b + g / root(v);
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
  constexpr bool operator==(const RMSpropMomentum&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
