#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// AMSGrad: Adam with the largest v so far under the root, so that no rate grows again.
///
///   m, v as in Adam; s <- max(s, v)
///   p <- p - rate / (1 - beta1^n) * m / (sqrt(s) / sqrt(1 - beta2^n) + eps),  n = t + 1
///
/// Domain: beta1, beta2 in [0, 1), eps > 0; eps_place says where eps goes. max_corrected: s is the
///   largest v / (1 - beta2^n), and not corrected again. Without bias_correction, both 1 - beta^n
///   are 1.
/// Units: m and eps are in units of the gradient, v and s of its square; the rate is in units of
///   the parameter.
/// State: three slots, m, v and s.
/// Traffic: 36 bytes a parameter in float (reads p, g, m, v, s; writes p, m, v, s).
/// Init: m = v = s = 0.
/// Cost: one square root and two divisions a parameter (one where the processor has a fused
///   multiply-add); two powers a step.
/// Errors: a beta NaN or outside [0, 1); eps zero, negative, NaN, infinite, or zero once
///   rounded to the parameters' type.
/// Source: S. J. Reddi, S. Kale, S. Kumar, On the convergence of Adam and beyond, 2018.
/// Differs: as PyTorch, bit for bit. The paper corrects nothing (flashlight: `bias_correction`
///   false), Keras and ensmallen have `Eps::hat`, optax has max_corrected: after one large gradient
///   its steps stay small for longer.
struct AMSGrad {
  static constexpr const char* name = "AMSGrad";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  Eps eps_place = Eps::outside;
  bool bias_correction = true;
  bool max_corrected = false;

  static constexpr std::array<bool, 3> not_negative{false, true, true};
  constexpr std::array<Slot, 3> slots() const { return {{{"m"}, {"v"}, {"s"}}}; }

  template <Real T>
  struct Kernel {
    T beta1, rest1;
    detail::Factor<T> beta2;
    T rest2;
    detail::Size<T> size;
    T scale;
    detail::CorrectedRoot<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 3>& slots) const {
      auto& [m, v, s] = slots;
      m = beta1 * m + rest1 * g;
      v = beta2 * v + (rest2 * g) * g;
      s = max(s, scale * v);
      return ratio(size, m, root(s));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const double c1 = bias_correction ? 1.0 - math::pow(beta1, c.n()) : 1.0;
    const double c2 = bias_correction ? 1.0 - math::pow(beta2, c.n()) : 1.0;
    const double left = max_corrected ? 1.0 : c2;  // of the correction, after the maximum
    const ieee size = ieee(c.rate) * detail::size_under(eps_place, left) / c1;
    const ieee scale = ieee(left) / c2;
    const T keep1 = static_cast<T>(beta1), rest1 = static_cast<T>(1.0 - beta1);
    return {keep1,
            rest1,
            static_cast<T>(beta2),
            static_cast<T>(1.0 - beta2),
            {detail::round_to<T>(size), detail::is_mean(keep1, rest1)},
            detail::round_to<T>(scale),
            {eps_place, eps, left}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    const bool corrected = bias_correction && !max_corrected;
    return detail::first_fault(
        detail::check_beta<T>(name, "beta1", beta1), detail::check_beta<T>(name, "beta2", beta2),
        detail::check_choice(name, "eps_place", eps_place),
        detail::check_eps<T>(name, eps,
                             detail::least_factor(eps_place, corrected ? 1.0 - beta2 : 1.0)));
  }
  constexpr bool operator==(const AMSGrad&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
