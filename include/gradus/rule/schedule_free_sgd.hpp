#pragma once

#include <array>
#include <span>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Schedule-free SGD: needs no schedule that falls. z takes SGD steps, x is the average of z and is
/// to be evaluated, and gradients are taken at the parameters, between the two.
///
///   z <- z - rate * (g + weight_decay * p);  w = n^step_power * (largest rate so far)^rate_power
///   x <- x + w / (sum of w) * (z - x);  p <- (1 - beta) * z + beta * x,  n = t + 1
///
/// Domain: beta in [0, 1), weight_decay >= 0, powers in [0, 16]. The weights for evaluation are the
///   slot "x": `exchange(opt, params, "x")` puts them in place, and once more, before the next
///   step, back.
/// Units: as SGD; weight_decay is gradient / parameter. The rate is constant, or warms up to a
///   constant, 10 to 50 times SGD's.
/// State: two slots, z and x; two scalars, the sum of w and the largest rate ("sum", "top").
/// Traffic: 28 bytes a parameter in float (reads p, g, z, x; writes p, z, x).
/// Init: z = x = p at construction, both scalars 0.
/// Cost: four multiplications and seven additions a parameter; two powers a step.
/// Errors: beta NaN or outside [0, 1); weight_decay or a power negative, NaN or infinite; a power
///   above 16; an optimizer constructed with a number of parameters instead of the parameters.
/// Source: A. Defazio et al., The road less scheduled, 2024.
/// Differs: as the authors' code, whose weight_lr_power is `rate_power` and r `step_power`, and
///   whose warmup is `Warmup{...}` here; it, and optax, keep z only and compute x, with rounding,
///   from it and the parameters.
struct ScheduleFreeSGD {
  static constexpr const char* name = "ScheduleFreeSGD";
  static constexpr const char* fields = "beta weight_decay rate_power step_power";
  static constexpr RuleTraits traits{.sets_params = true};
  double beta = 0.9;
  double weight_decay = 0;
  double rate_power = 2;
  double step_power = 0;

  constexpr std::array<Slot, 2> slots() const {
    return {{{"z", 0, Slot::From::params}, {"x", 0, Slot::From::params}}};
  }
  constexpr std::array<Scalar, 2> scalars() const { return {{{"sum"}, {"top"}}}; }

  template <Real T>
  struct Kernel {
    T rate, weight_decay, share, beta;
    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 2>& s) const {
      auto& [z, x] = s;
      return follow(p, rate * limited(g + weight_decay * p), z, x);
    }
    /// Moves z by a step and x after it; what p is to be moved by.
    template <class V>
    GRADUS_KERNEL V follow(const V& p, const V& step, V& z, V& x) const {
      z = limited(z - step);
      x = x - share * limited(x - z);
      return p - (z - beta * limited(z - x));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 2> scalars) const {
    double &sum = scalars[0], &top = scalars[1];
    if (c.rate > top) top = c.rate;
    const double weight = detail::round_to<double>(math::ieee(math::pow(c.n(), step_power)) *
                                                   math::pow(top, rate_power));
    sum = detail::round_to<double>(math::ieee(sum) + weight);
    return {static_cast<T>(c.rate), static_cast<T>(weight_decay),
            sum > 0 ? detail::round_to<T>(math::ieee(weight) / sum) : T{0}, static_cast<T>(beta)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return check_as<T>(name, "beta");
  }
  /// The same for a rule that is built on this one and has a name of its own.
  template <Real T>
  constexpr Fault check_as(const char* type, const char* of_beta) const {
    return detail::first_fault(detail::check_beta<T>(type, of_beta, beta),
                               detail::check_weight<T>(type, "weight_decay", weight_decay),
                               check_power(type, "rate_power", rate_power),
                               check_power(type, "step_power", step_power));
  }
  constexpr bool operator==(const ScheduleFreeSGD&) const = default;

 private:
  // n^16 is a number for every step n.
  static constexpr Fault check_power(const char* type, const char* field, const double& value) {
    if (const Fault fault = detail::check_weight<double>(type, field, value)) return fault;
    return value > 16 ? Fault{type, field, "must be at most 16", value} : Fault{};
  }
};

}}  // namespace gradus::GRADUS_ABI
