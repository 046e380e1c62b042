#pragma once

#include <array>
#include <span>

#include <gradus/concept/slot.hpp>
#include <gradus/config/compiler.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// NovoGrad: momentum of gradients that are divided, for each span (a layer's tensor), by the root
/// of a running mean of their squared norm.
///
///   v <- beta2 * v + (1 - beta2) * |g|^2 for each span;  v <- |g|^2 where v = 0
///   m <- beta1 * m + (g / (sqrt(v) + eps) + weight_decay * p);  p <- p - rate * m
///   with `grad_averaging`: m <- beta1 * m + (1 - beta1) * (...)
///   with `init_zero`: the first v is (1 - beta2) * |g|^2
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, weight_decay >= 0. A norm that is not finite counts as
///   0.
/// Units: v is the gradient squared, eps the gradient; weight_decay is 1 / parameter; the rate is
///   in units of the parameter.
/// State: one slot, m; for each span one scalar, v.
/// Traffic: 24 bytes a parameter in float (a pass that reads g; reads p, g, m; writes p, m).
/// Init: m = v = 0.
/// Cost: four multiplications and two additions a parameter; one norm, one root for each span.
/// Errors: a beta NaN or outside [0, 1); eps zero, negative, NaN or infinite; weight_decay
///   negative, NaN or infinite.
/// Source: B. Ginsburg et al., Stochastic gradient methods with layer-wise adaptive moments for
///   training of deep networks, 2019.
/// Differs: as timm and optax, whose betas are 0.9 and 0.25 and whose eps is 1e-6. Flashlight has
///   `grad_averaging` and `init_zero`.
struct NovoGrad {
  static constexpr const char* name = "NovoGrad";
  static constexpr const char* fields = "beta1 beta2 eps weight_decay grad_averaging init_zero";
  double beta1 = 0.95;
  double beta2 = 0.98;
  double eps = 1e-8;
  double weight_decay = 0;
  bool grad_averaging = false;
  bool init_zero = false;

  constexpr std::array<Slot, 1> slots() const { return {{{"m"}}}; }
  constexpr std::array<Scalar, 1> span_scalars() const { return {{{"v"}}}; }

  template <Real T>
  struct Kernel {
    T rate, beta1, rest1, weight_decay;
    double beta2, eps;
    bool init_zero;
    T size = 1;

    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 1>& s) const {
      auto& [m] = s;
      m = limited(beta1 * m + rest1 * limited(limited(size * g) + weight_decay * p));
      return rate * m;
    }
    template <class M>
    constexpr Kernel for_span(std::span<double> scalars, const M& measure) const {
      using math::ieee;
      double& v = scalars[0];
      const ieee norm = detail::norms<T>(measure, detail::OfGradients{})[0];
      const ieee mean = ieee(beta2) * v + (1.0 - ieee(beta2)) * (norm * norm);
      v = detail::round_to<double>(v == 0 && !init_zero ? norm * norm : mean);
      Kernel r = *this;
      r.size = detail::round_to<T>(1.0 / (ieee(math::sqrt(v)) + eps));
      return r;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate),
            static_cast<T>(beta1),
            grad_averaging ? static_cast<T>(1.0 - beta1) : T{1},
            static_cast<T>(weight_decay),
            beta2,
            eps,
            init_zero};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_beta<T>(name, "beta1", beta1),
                               detail::check_beta<double>(name, "beta2", beta2),
                               detail::check_divisor<double>(name, "eps", eps),
                               detail::check_weight<T>(name, "weight_decay", weight_decay));
  }
  constexpr bool operator==(const NovoGrad&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
