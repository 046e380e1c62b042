#pragma once

#include <array>

#include <gradus/concept/slot.hpp>
#include <gradus/config/compiler.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/math/real.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// AdamW: Adam with decoupled weight decay.
///
///   p <- p - rate * weight_decay * p
///   p <- p - Adam's step
///
/// Domain: weight_decay >= 0; the rest as Adam.
/// Units: weight_decay is 1 / rate; the rest as Adam.
/// State: two slots, m and v.
/// Traffic: 28 bytes a parameter in float (reads p, g, m, v; writes p, m, v).
/// Init: m = v = 0.
/// Cost: one square root and two divisions a parameter; two powers a step.
/// Errors: as Adam; weight_decay negative, NaN or infinite.
/// Source: I. Loshchilov, F. Hutter, Decoupled weight decay regularization, 2019.
/// Differs: as PyTorch, bit for bit: the parameter is multiplied by 1 - rate * weight_decay, then
///   the step is taken. llm.c and optax subtract both from the old parameter, which is the same but
///   for rounding. The same as `Chain{Adam{...}, WeightDecay{weight_decay}}`.
struct AdamW {
  static constexpr const char* name = "AdamW";
  static constexpr const char* fields = "beta1 beta2 eps weight_decay eps_place bias_correction";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0.01;
  Eps eps_place = Eps::outside;
  bool bias_correction = true;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    Adam::Kernel<T> adam;
    detail::Factor<T> keep;
    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, 2>& s) const {
      p = keep * p;
      return adam(p, g, s);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const math::ieee keep = 1.0 - math::ieee(c.rate) * weight_decay;
    return {adam().template prepare<T>(c), detail::round_to<T>(keep)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return check_as<T>(name);
  }
  /// The same for a rule that is built on this one and has a name of its own.
  template <Real T>
  constexpr Fault check_as(const char* type) const {
    return detail::first_fault(adam().template check_as<T>(type, bias_correction),
                               detail::check_weight<T>(type, "weight_decay", weight_decay));
  }
  constexpr bool operator==(const AdamW&) const = default;

 private:
  constexpr Adam adam() const { return {beta1, beta2, eps, eps_place, bias_correction}; }
};

}}  // namespace gradus::GRADUS_ABI
