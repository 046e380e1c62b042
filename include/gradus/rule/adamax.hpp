#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Adamax: Adam with a decaying maximum of |g| in place of the root of v.
///
///   m <- beta1 * m + (1 - beta1) * g
///   u <- max(beta2 * u, |g| + eps)
///   p <- p - rate / (1 - beta1^n) * m / u,  n = t + 1
///
/// Domain: beta1, beta2 in [0, 1), eps > 0. eps_place outside or hat: u <- max(beta2 * u, |g|) and
///   m / (u + eps). Without bias_correction, 1 - beta1^n is 1.
/// Units: m, u and eps are in units of the gradient; the rate is in units of the parameter.
/// State: two slots, m and u.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, u; writes p, m, u).
/// Init: m = u = 0.
/// Cost: one division a parameter; one power a step.
/// Errors: as Adam.
/// Source: D. P. Kingma, J. Ba, Adam: a method for stochastic optimization, 2015, section 7.1.
/// Differs: as PyTorch and optax, bit for bit as PyTorch. Keras, ensmallen and tiny-dnn have eps
///   outside; MLX makes no correction.
struct Adamax {
  static constexpr const char* name = "Adamax";
  static constexpr const char* fields = "beta1 beta2 eps eps_place bias_correction";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  Eps eps_place = Eps::inside;
  bool bias_correction = true;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"u"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1;
    detail::Factor<T> beta2;
    detail::Size<T> size;
    T inside, outside;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, u] = s;
      m = mean(beta1, m, g);
      u = max(beta2 * u, abs(g) + inside);
      return ratio(size, m, u + outside);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const double c1 = detail::bias_correction(beta1, c, bias_correction);
    const T e = static_cast<T>(eps);
    const bool inside = eps_place == Eps::inside;
    return {beta1,
            static_cast<T>(beta2),
            {detail::round_to<T>(math::ieee(c.rate) / c1), detail::is_mean<T>(beta1)},
            inside ? e : T{0},
            inside ? T{0} : e};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_adam<T>(name, beta1, beta2, eps),
                               detail::check_choice(name, "eps_place", eps_place));
  }
  constexpr bool operator==(const Adamax&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
