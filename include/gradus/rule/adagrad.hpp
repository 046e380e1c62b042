#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Adagrad: the rate of each parameter falls with the sum of its squared gradients.
///
///   v <- v + g^2
///   p <- p - rate / (1 + t * rate_decay) * g / (sqrt(v) + eps)
///
/// Domain: initial_accumulator_value >= 0, rate_decay >= 0, eps > 0; eps_place says where eps goes.
/// Units: v is in units of the gradient squared, eps of the gradient; the rate is in units of
///   the parameter.
/// State: one slot, v.
/// Traffic: 20 bytes a parameter in float (reads p, g, v; writes p, v).
/// Init: v = initial_accumulator_value.
/// Cost: one square root and one division a parameter.
/// Errors: a field negative, NaN or infinite; eps zero, or zero once rounded to the parameters'
///   type.
/// Source: J. Duchi, E. Hazan, Y. Singer, Adaptive subgradient methods for online learning and
///   stochastic optimization, 2011.
/// Differs: as PyTorch, bit for bit. Keras and optax: `{.initial_accumulator_value = 0.1, .eps =
///   1e-7, .eps_place = Eps::inside}`.
struct Adagrad {
  static constexpr const char* name = "Adagrad";
  static constexpr const char* fields = "initial_accumulator_value rate_decay eps eps_place";
  double initial_accumulator_value = 0;
  double rate_decay = 0;
  double eps = 1e-10;
  Eps eps_place = Eps::outside;

  static constexpr std::array<bool, 1> not_negative{true};
  constexpr std::array<Slot, 1> slots() const { return {{{"v", initial_accumulator_value}}}; }

  template <Real T>
  struct Kernel {
    detail::Size<T> rate;
    detail::Root<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 1>& s) const {
      auto& [v] = s;
      v = v + g * g;
      return ratio(rate, g, root(v));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const ieee rate = c.rate / (1.0 + ieee(static_cast<double>(c.t)) * rate_decay);
    return {detail::round_to<T>(rate), {eps_place, eps}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(
        detail::check_weight<T>(name, "initial_accumulator_value", initial_accumulator_value),
        detail::check_weight<T>(name, "rate_decay", rate_decay),
        detail::check_divisor<T>(name, "eps", eps),
        detail::check_choice(name, "eps_place", eps_place));
  }
  constexpr bool operator==(const Adagrad&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
