#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Adam: a running mean of the gradients, divided by the root of a running mean of their squares.
/// Both means are corrected for their start at 0.
///
///   m <- beta1 * m + (1 - beta1) * g
///   v <- beta2 * v + (1 - beta2) * g^2
///   p <- p - rate / (1 - beta1^n) * m / (sqrt(v) / sqrt(1 - beta2^n) + eps),  n = t + 1
///
/// Domain: beta1, beta2 in [0, 1), eps > 0; eps_place says where eps goes. Without
///   bias_correction, both 1 - beta^n are 1.
/// Units: m and eps are in units of the gradient, v of its square; the rate is in units of the
///   parameter.
/// State: two slots, m and v.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = v = 0.
/// Cost: one square root and two divisions a parameter (one where the processor has a fused
///   multiply-add); two powers a step.
/// Errors: a beta NaN or outside [0, 1); eps zero, negative, NaN, infinite, or zero once
///   rounded to the parameters' type.
/// Source: D. P. Kingma, J. Ba, Adam: a method for stochastic optimization, 2015.
/// Differs: as PyTorch, bit for bit. Keras, ensmallen, dlib and Caffe use the paper's "epsilon hat"
///   (`Eps::hat`); MLX makes no correction by default; tiny-dnn has eps inside the root.
struct Adam {
  static constexpr const char* name = "Adam";
  static constexpr const char* fields = "beta1 beta2 eps eps_place bias_correction";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  Eps eps_place = Eps::outside;
  bool bias_correction = true;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    detail::Beta<T> beta1;
    detail::WideBeta<T> beta2;
    detail::Size<T> size;
    detail::CorrectedRoot<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [m, v] = s;
      m = mean(beta1, m, g);
      v = mean_of_squares(beta2, v, g);
      return ratio(size, m, root(v));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return prepare_as<T>(c, detail::bias_correction(beta2, c, bias_correction));
  }
  template <Real T = double>
  constexpr Fault check() const {
    return check_as<T>(name, bias_correction);
  }

  /// `prepare` for a rule that is built on this one and corrects v by c2.
  template <Real T>
  constexpr Kernel<T> prepare_as(const Context& c, const double& c2) const {
    const double c1 = detail::bias_correction(beta1, c, bias_correction);
    const math::ieee size = math::ieee(c.rate) * detail::size_under(eps_place, c2) / c1;
    return {
        beta1, beta2, {detail::round_to<T>(size), detail::is_mean<T>(beta1)}, {eps_place, eps, c2}};
  }
  /// `check` for a rule that is built on this one, with its own name, that corrects v or does not.
  template <Real T>
  constexpr Fault check_as(const char* type, bool v_corrected) const {
    const double least = detail::least_factor(eps_place, v_corrected ? 1.0 - beta2 : 1.0);
    return detail::first_fault(
        detail::check_beta<T>(type, "beta1", beta1), detail::check_beta<T>(type, "beta2", beta2),
        detail::check_choice(type, "eps_place", eps_place), detail::check_eps<T>(type, eps, least));
  }
  constexpr bool operator==(const Adam&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
