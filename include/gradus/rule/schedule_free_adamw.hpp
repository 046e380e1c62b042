#pragma once

#include <array>
#include <span>

#include <gradus/concept/rule.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/schedule_free_sgd.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Schedule-free AdamW: needs no schedule that falls. z takes RMSprop steps, x is the average of z
/// and is to be evaluated, and gradients are taken at the parameters, between the two.
///
///   v <- beta2 * v + (1 - beta2) * g^2;  w = n^step_power * (largest rate so far)^rate_power
///   z <- z - rate * (g / (sqrt(v / (1 - beta2^n)) + eps) + weight_decay * p)
///   x <- x + w / (sum of w) * (z - x);  p <- (1 - beta1) * z + beta1 * x,  n = t + 1
///
/// Domain: beta1, beta2 in [0, 1), eps > 0, weight_decay >= 0, powers in [0, 16]. The weights for
///   evaluation are the slot "x": `exchange(opt, params, "x")` puts them in place, and once more,
///   before the next step, back.
/// Units: as AdamW. The rate is constant, or warms up to a constant, 1 to 10 times AdamW's.
/// State: three slots, v, z and x; two scalars, the sum of w and the largest rate ("sum", "top").
/// Traffic: 36 bytes a parameter in float (reads p, g, v, z, x; writes p, v, z, x).
/// Init: v = 0, z = x = p at construction, both scalars 0.
/// Cost: one square root and two divisions a parameter; three powers a step.
/// Errors: a beta NaN or outside [0, 1); eps zero, negative, NaN, infinite, or zero once rounded to
///   the parameters' type; weight_decay or a power negative, NaN or infinite; a power above 16; an
///   optimizer constructed with a number of parameters instead of the parameters.
/// Source: A. Defazio et al., The road less scheduled, 2024.
/// Differs: as the authors' code, whose weight_lr_power is `rate_power` and r `step_power`, and
///   whose warmup is `Warmup{...}` here; it, and optax, keep z only and compute x, with rounding,
///   from it and the parameters.
struct ScheduleFreeAdamW {
  static constexpr const char* name = "ScheduleFreeAdamW";
  static constexpr const char* fields = "beta1 beta2 eps weight_decay rate_power step_power";
  static constexpr RuleTraits traits{.sets_params = true};
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
  double rate_power = 2;
  double step_power = 0;

  static constexpr std::array<bool, 3> not_negative{true, false, false};
  constexpr std::array<Slot, 3> slots() const {
    return {{{"v"}, {"z", 0, Slot::From::params}, {"x", 0, Slot::From::params}}};
  }
  constexpr std::array<Scalar, 2> scalars() const { return free().scalars(); }

  template <Real T>
  struct Kernel {
    ScheduleFreeSGD::Kernel<T> free;
    detail::Beta<T> beta2;
    detail::CorrectedRoot<T> root;
    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 3>& s) const {
      auto& [v, z, x] = s;
      const V h = squarable(g);
      v = mean_of_squares(beta2, v, h);
      return free.follow(p, free.rate * limited(h / root(v) + free.weight_decay * p), z, x);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 2> scalars) const {
    return {free().template prepare<T>(c, scalars),
            beta2,
            {Eps::outside, eps, detail::bias_correction(beta2, c)}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(free().template check_as<T>(name, "beta1"),
                               detail::check_beta<T>(name, "beta2", beta2),
                               detail::check_divisor<T>(name, "eps", eps));
  }
  constexpr bool operator==(const ScheduleFreeAdamW&) const = default;

 private:
  constexpr ScheduleFreeSGD free() const { return {beta1, weight_decay, rate_power, step_power}; }
};

}}  // namespace gradus::GRADUS_ABI
