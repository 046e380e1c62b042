#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/rmsprop.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// RMSprop, centered: the gradient divided by the root of a running variance.
///
///   v <- alpha * v + (1 - alpha) * g^2
///   a <- alpha * a + (1 - alpha) * g
///   p <- p - rate * g / (sqrt(max(0, v - a^2)) + eps)
///
/// Domain: alpha in [0, 1), eps > 0, initial_accumulator_value >= 0; eps_place says where eps goes.
/// Units: as RMSprop; a is in units of the gradient.
/// State: two slots, v and a.
/// Traffic: 28 bytes a parameter in float (reads p, g, v, a; writes p, v, a).
/// Init: v = initial_accumulator_value, a = 0.
/// Cost: one square root and one division a parameter.
/// Errors: as RMSprop.
/// Source: A. Graves, Generating sequences with recurrent neural networks, 2013.
/// Differs: as PyTorch, bit for bit, where v >= a^2; rounding can make v smaller, of which PyTorch
///   takes the root, NaN. Where a^2 overflows PyTorch has NaN, and here the
///   parameter stays. Keras and optax have eps inside the root.
struct CenteredRMSprop {
  static constexpr const char* name = "CenteredRMSprop";
  static constexpr const char* fields = "alpha eps initial_accumulator_value eps_place";
  double alpha = 0.99;
  double eps = 1e-8;
  double initial_accumulator_value = 0;
  Eps eps_place = Eps::outside;

  static constexpr std::array<bool, 2> not_negative{true, false};
  constexpr std::array<Slot, 2> slots() const {
    return {{{"v", initial_accumulator_value}, {"a"}}};
  }

  template <Real T>
  struct Kernel {
    detail::Size<T> rate;
    detail::WideBeta<T> alpha;
    detail::Root<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [v, a] = s;
      v = mean_of_squares(alpha, v, g);
      a = mean(alpha, a, g);
      return ratio(rate, g, root(detail::variance(v, a)));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate), alpha, {eps_place, eps}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return RMSprop{alpha, eps, initial_accumulator_value, eps_place}.check_as<T>(name);
  }
  constexpr bool operator==(const CenteredRMSprop&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
