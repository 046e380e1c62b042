#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// AMSGrad: Adam with the maximum of all v so far in place of v, so that the rate of a parameter
/// never grows.
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
/// Errors: as Adam.
/// Source: S. J. Reddi, S. Kale, S. Kumar, On the convergence of Adam and beyond, 2018.
/// Differs: as PyTorch, bit for bit. The paper corrects nothing (flashlight: `bias_correction`
///   false), Keras and ensmallen have `Eps::hat`, optax has max_corrected: after one large gradient
///   its steps stay small for longer.
struct AMSGrad {
  static constexpr const char* name = "AMSGrad";
  static constexpr const char* fields = "beta1 beta2 eps eps_place bias_correction max_corrected";
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
    Adam::Kernel<T> adam;
    T scale;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 3>& slots) const {
      auto& [m, v, s] = slots;
      m = mean(adam.beta1, m, g);
      v = mean_of_squares(adam.beta2, v, g);
      s = max(s, scale * v);
      return ratio(adam.size, m, adam.root(s));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const double c2 = detail::bias_correction(beta2, c, bias_correction);
    const double left = max_corrected ? 1.0 : c2;  // of the correction, after the maximum
    return {adam().template prepare_as<T>(c, left), detail::round_to<T>(math::ieee(left) / c2)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return adam().template check_as<T>(name, bias_correction && !max_corrected);
  }
  constexpr bool operator==(const AMSGrad&) const = default;

 private:
  constexpr Adam adam() const { return {beta1, beta2, eps, eps_place, bias_correction}; }
};

}}  // namespace gradus::GRADUS_ABI
