#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// RAdam: Adam that ignores v until it has averaged enough gradients, and then uses it with a
/// weight that rises to 1.
///
///   m, v as in Adam; rho_inf = 2 / (1 - beta2) - 1; rho = rho_inf - 2 n beta2^n / (1 - beta2^n)
///   rect = sqrt((rho - 4) (rho - 2) rho_inf / ((rho_inf - 4) (rho_inf - 2) rho)),  n = t + 1
///   d = m / (1 - beta1^n)
///   p <- p - rate * d * sqrt(1 - beta2^n) / (sqrt(v) + eps) * rect  where rho > 5
///   p <- p - rate * d                                               before
///
/// Domain: beta1, beta2 in [0, 1), eps > 0; eps_place says where eps goes. Below a beta2 of 2/3,
///   rho never passes 5.
/// Units: as Adam, but before rho > 5 the rate is parameter^2 / loss.
/// State: two slots, m and v.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = v = 0.
/// Cost: one square root and two divisions a parameter; two powers a step.
/// Errors: a beta NaN or outside [0, 1); eps zero, negative, NaN, infinite, or, in the
///   parameters' type, zero or without a reciprocal.
/// Source: L. Liu et al., On the variance of the adaptive learning rate and beyond, 2020.
/// Differs: as PyTorch, bit for bit. optax: `Eps::outside`, and rectifies also where rho is 5.
struct RAdam {
  static constexpr const char* name = "RAdam";
  static constexpr const char* fields = "beta1 beta2 eps eps_place";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  Eps eps_place = Eps::hat;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    detail::Factor<T> rate;
    detail::Beta<T> beta1;
    detail::WideBeta<T> beta2;
    T correction, root, rect, inside, outside;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      m = mean(beta1, m, g);
      v = mean_of_squares(beta2, v, g);
      const V plain = rate * limited(m / correction);
      const V adapted = plain * (T{1} / (sqrt(v + inside) + outside) * root) * rect;
      return select_less(V(T{0}), V(rect), adapted, plain);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const double c1 = detail::bias_correction(beta1, c);
    const double c2 = detail::bias_correction(beta2, c);
    const double root = math::sqrt(c2);
    const ieee inside = eps_place == Eps::inside ? ieee(eps) * c2 : ieee(0);
    const ieee outside = eps_place == Eps::outside ? ieee(eps) * root : ieee(eps);
    return {static_cast<T>(c.rate),
            beta1,
            beta2,
            static_cast<T>(c1),
            static_cast<T>(root),
            static_cast<T>(rect(c.n(), c2)),
            static_cast<T>(static_cast<double>(inside)),
            eps_place == Eps::inside ? T{0} : static_cast<T>(static_cast<double>(outside))};
  }
  template <Real T = double>
  constexpr Fault check() const {
    const double least = eps_place == Eps::hat ? 1.0 : 1.0 - beta2;
    return detail::first_fault(detail::check_beta<T>(name, "beta1", beta1),
                               detail::check_beta<T>(name, "beta2", beta2),
                               detail::check_choice(name, "eps_place", eps_place),
                               detail::check_eps<T>(name, eps, least), reciprocal<T>(least));
  }
  constexpr bool operator==(const RAdam&) const = default;

 private:
  // A root of zero is inverted before it meets a momentum of zero.
  template <Real T>
  constexpr Fault reciprocal(double least) const {
    const double inverse = static_cast<double>(1.0 / (math::ieee(eps) * least));
    if (math::is_finite(static_cast<T>(inverse))) return {};
    return {name, "eps", "must have a reciprocal in the parameters' type", eps};
  }
  // The rectification of update n, or 0 before there is one; c2 = 1 - beta2^n.
  constexpr double rect(double n, double c2) const {
    using math::ieee;
    const ieee last = 2.0 / ieee(1.0 - beta2) - 1.0;
    const ieee rho = last - 2.0 * ieee(n) * math::pow(beta2, n) / c2;
    if (!(static_cast<double>(rho) > 5.0)) return 0;
    const ieee square = (rho - 4.0) * (rho - 2.0) * last / ((last - 4.0) * (last - 2.0) * rho);
    return math::sqrt(static_cast<double>(square));
  }
};

}}  // namespace gradus::GRADUS_ABI
