#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// RMSprop: the gradient divided by the root of a running mean of its square.
///
///   v <- alpha * v + (1 - alpha) * g^2
///   p <- p - rate * g / (sqrt(v) + eps)
///
/// Domain: alpha in [0, 1), eps > 0, initial_accumulator_value >= 0; eps_place says where eps goes.
/// Units: v is in units of the gradient squared, eps of the gradient; the rate is in units of
///   the parameter.
/// State: one slot, v.
/// Traffic: 20 bytes a parameter in float (reads p, g, v; writes p, v).
/// Init: v = initial_accumulator_value.
/// Cost: one square root and one division a parameter.
/// Errors: alpha NaN or outside [0, 1); eps zero, negative, NaN, infinite, or zero once rounded
///   to the parameters' type; initial_accumulator_value negative, NaN or infinite.
/// Source: T. Tieleman, G. Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012.
/// Differs: as PyTorch, bit for bit. Keras, optax and tiny-dnn have eps inside the root; timm's
///   rmsprop_tf also starts v at 1. Centered: `CenteredRMSprop`. Momentum: `RMSpropMomentum`, or,
///   where the rate is inside the velocity, `Chain{RMSprop{}, Velocity{}}`.
struct RMSprop {
  static constexpr const char* name = "RMSprop";
  static constexpr const char* fields = "alpha eps initial_accumulator_value eps_place";
  double alpha = 0.99;
  double eps = 1e-8;
  double initial_accumulator_value = 0;
  Eps eps_place = Eps::outside;

  static constexpr std::array<bool, 1> not_negative{true};
  constexpr std::array<Slot, 1> slots() const { return {{{"v", initial_accumulator_value}}}; }

  template <Real T>
  struct Kernel {
    detail::Size<T> rate;
    detail::WideBeta<T> alpha;
    detail::Root<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 1>& s) const {
      auto& [v] = s;
      v = mean_of_squares(alpha, v, g);
      return ratio(rate, g, root(v));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate), alpha, {eps_place, eps}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return check_as<T>(name);
  }
  /// The same for a rule that has these fields and a name of its own.
  template <Real T>
  constexpr Fault check_as(const char* type) const {
    return detail::first_fault(
        detail::check_beta<T>(type, "alpha", alpha), detail::check_divisor<T>(type, "eps", eps),
        detail::check_choice(type, "eps_place", eps_place),
        detail::check_weight<T>(type, "initial_accumulator_value", initial_accumulator_value));
  }
  constexpr bool operator==(const RMSprop&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
