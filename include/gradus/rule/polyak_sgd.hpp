#pragma once

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/rule/sgd.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Polyak's step: SGD with the rate at which the loss would fall to f_min if it were linear along
/// the gradient.
///
///   p <- p - rate * min((loss - f_min) / |g|^2, max_rate) * g
///   p stays where loss <= f_min or g = 0
///
/// `opt.step(params, grads, {.loss = loss})`: pass the loss whose gradients the rule receives.
///
/// Domain: f_min finite, max_rate > 0, also infinite. The norm is over all spans; one that is not
///   finite counts as 0.
/// Units: rate is a plain number: `Constant{1.0}`, or a schedule that falls from 1. f_min is in
///   units of the loss, max_rate is what a rate of `SGD` is.
/// State: none.
/// Traffic: 16 bytes a parameter in float (a pass that reads g; reads p, g, writes p).
/// Init: -
/// Cost: one multiplication a parameter; a norm.
/// Errors: f_min NaN or infinite; max_rate NaN, zero or negative; a step without a loss, or with
///   one that is NaN or infinite.
/// Source: B. Polyak, Introduction to optimization, 1987; N. Loizou et al., Stochastic Polyak
///   step-size for SGD: an adaptive learning rate for fast convergence, 2021, SPS_max.
/// Differs: optax' polyak_sgd has an eps beside |g|^2 and, unless told otherwise, runs uphill where
///   loss < f_min. The paper's c is a rate of 1 / c with c times its largest rate.
struct PolyakSGD {
  static constexpr const char* name = "PolyakSGD";
  static constexpr const char* fields = "f_min max_rate";
  static constexpr RuleTraits traits{.needs_loss = true};
  double f_min = 0;
  double max_rate = 1;

  template <Real T, class M>
  constexpr SGD::Kernel<T> prepare(const Context& c, const M& measure) const {
    using math::ieee;
    const double g = detail::norms<T>(measure, detail::OfGradients{})[0];
    const double gap = static_cast<double>(ieee(c.loss) - f_min);
    if (!(gap > 0) || !(g > 0)) return {T{0}};
    const double far = static_cast<double>(ieee(gap) / g / g),
                 size = far < max_rate ? far : max_rate;
    return {detail::round_to<T>(ieee(c.rate) * detail::round_to<double>(size))};
  }
  constexpr Fault check() const {
    if (!math::is_finite(f_min)) return {name, "f_min", "must be finite", f_min};
    return detail::check_limit(name, "max_rate", max_rate);
  }
  constexpr bool operator==(const PolyakSGD&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
