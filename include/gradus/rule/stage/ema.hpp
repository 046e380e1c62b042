#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage: keeps an exponential moving average of the parameters, for evaluation.
///
///   average <- d * average + (1 - d) * (p - step),  by `begin`:
///   construction: d = decay;  first_step: the same, but 0 at t = 0
///   debiased: d = (decay - decay^n) / (1 - decay^n);  warmup: d = min(decay, 1 - n^(-power)),
///     n = t + 1
///
/// Domain: decay in [0, 1), power > 0.
/// Units: the average is in units of the parameter.
/// State: one slot, average. Read it with `optimizer.slot("Ema.average")`.
/// Traffic: 8 bytes a parameter in float (reads and writes the average).
/// Init: average = p at construction.
/// Cost: two multiplications, one addition, one subtraction a parameter.
/// Errors: decay NaN or outside [0, 1); power not positive and finite; an optimizer constructed
///   with a number of parameters instead of the parameters.
/// Source: B. T. Polyak, A. B. Juditsky, Acceleration of stochastic approximation by averaging,
///   1992.
/// Differs: first_step is Keras; debiased is what optax reads out (its state is not corrected);
///   warmup is timm's with its power of 2/3. PyTorch's AveragedModel is first_step.
struct Ema {
  static constexpr const char* name = "Ema";
  static constexpr const char* fields = "decay begin power";
  static constexpr RuleTraits traits{.only_reads = true};
  /// How the average begins: at the parameters of construction, at those that the first step leads
  /// to, with all steps so far at their share, or with a decay that grows.
  enum class Begin { construction, first_step, debiased, warmup };
  double decay = 0.999;
  Begin begin = Begin::construction;
  double power = 2.0 / 3;

  constexpr std::array<Slot, 1> slots() const { return {{{"average", 0, Slot::From::params}}}; }

  template <Real T>
  struct Kernel {
    T decay, rest;
    template <class V>
    GRADUS_KERNEL V step(const V& p, const V&, const V& step, std::array<V, 1>& s) const {
      auto& [average] = s;
      average = decay * average + rest * limited(p - step);
      return step;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const double d = decay_at(c);
    return {static_cast<T>(d), static_cast<T>(1.0 - d)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_beta<T>(name, "decay", decay),
                               detail::check_one_of(name, "begin", begin, Begin::warmup,
                                                    "must be construction, first_step, debiased or "
                                                    "warmup"),
                               detail::check_divisor<double>(name, "power", power));
  }
  constexpr bool operator==(const Ema&) const = default;

 private:
  constexpr double decay_at(const Context& c) const {
    if (begin == Begin::construction) return decay;
    if (c.t == 0) return 0;
    if (begin == Begin::debiased) {
      const math::ieee all = math::pow(decay, c.n());
      return static_cast<double>((decay - all) / (1.0 - all));
    }
    const double grown = begin == Begin::warmup ? 1.0 - math::pow(c.n(), -power) : decay;
    return grown < decay ? grown : decay;
  }
};

}}  // namespace gradus::GRADUS_ABI
