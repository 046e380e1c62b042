#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// NAdam: Adam with Nesterov's momentum and a momentum that warms up.
///
///   mu(n) = beta1 * (1 - 0.96^(n * momentum_decay) / 2),  P(n) = mu(1) * ... * mu(n)
///   m, v as in Adam; d = sqrt(v / (1 - beta2^n)) + eps
///   p <- p - rate * ((1 - mu(n)) / (1 - P(n)) * g / d + mu(n + 1) / (1 - P(n + 1)) * m / d)
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, momentum_decay >= 0; eps_place says where eps goes.
/// Units: as Adam; momentum_decay is 1 / step.
/// State: two slots, m and v; one scalar, the product P.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = v = 0, P = 1.
/// Cost: one square root and two divisions a parameter; three powers a step.
/// Errors: as Adam; momentum_decay negative, NaN or infinite.
/// Source: T. Dozat, Incorporating Nesterov momentum into Adam, 2016.
/// Differs: as PyTorch since 2.0 within rounding; 1.13 multiplied the product by an extra mu.
///   Keras: momentum_decay = 1. optax' mu is beta1 from the start: momentum_decay = 1e6.
struct NAdam {
  static constexpr const char* name = "NAdam";
  static constexpr const char* fields = "beta1 beta2 eps momentum_decay eps_place";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double momentum_decay = 4e-3;
  Eps eps_place = Eps::outside;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }
  constexpr std::array<Scalar, 1> scalars() const { return {{{"mu_product", 1.0}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1, beta2;
    T size_g, size_m;
    detail::CorrectedRoot<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      const V h = squarable(g);
      m = mean(beta1, m, h);
      v = mean_of_squares(beta2, v, h);
      return (size_g * h + size_m * m) / root(v);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 1> scalars) const {
    using math::ieee;
    const double c2 = detail::bias_correction(beta2, c);
    const ieee rate = ieee(c.rate) * detail::size_under(eps_place, c2);
    const ieee mu = mu_at(c.n()), next = mu_at(c.n() + 1.0);
    const ieee product = scalars[0] * mu;
    const ieee size_g = rate * (1.0 - mu) / (1.0 - product);
    const ieee size_m = rate * next / (1.0 - product * next);
    scalars[0] = static_cast<double>(product);
    return {beta1,
            beta2,
            detail::round_to<T>(size_g),
            detail::round_to<T>(size_m),
            {eps_place, eps, c2}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(Adam{beta1, beta2, eps, eps_place}.check_as<T>(name, true),
                               detail::check_weight<T>(name, "momentum_decay", momentum_decay));
  }
  constexpr bool operator==(const NAdam&) const = default;

 private:
  constexpr math::ieee mu_at(double n) const {
    const math::ieee power = math::pow(0.96, static_cast<double>(math::ieee(n) * momentum_decay));
    return beta1 * (1.0 - 0.5 * power);
  }
};

}}  // namespace gradus::GRADUS_ABI
