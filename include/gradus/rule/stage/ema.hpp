#pragma once

#include <array>

#include <gradus/check.hpp>
#include <gradus/concepts.hpp>

namespace gradus::inline GRADUS_ABI {

/// Step stage: keeps an exponential moving average of the parameters, for evaluation.
///
///   average <- decay * average + (1 - decay) * (p - step)
///
/// Domain: decay in [0, 1).
/// Units: the average is in units of the parameter.
/// State: one slot, average. Read it with `optimizer.slot("Ema.average")`.
/// Traffic: 8 bytes a parameter in float (reads and writes the average).
/// Init: average = p at construction.
/// Cost: two multiplications, one addition, one subtraction a parameter.
/// Errors: decay NaN or outside [0, 1); an optimizer made for a number of parameters rather
///   than for the parameters.
/// Source: B. T. Polyak, A. B. Juditsky, Acceleration of stochastic approximation by averaging,
///   1992.
/// Differs: starts as a copy, so that nothing is to be debiased (optax debiases); no warmup of
///   the decay (timm has one).
struct Ema {
  static constexpr const char* name = "Ema";
  double decay = 0.999;

  constexpr std::array<Slot, 1> slots() const { return {{{"average", 0, Slot::From::params}}}; }

  template <Real T>
  struct Kernel {
    T decay, rest;
    template <class V>
    GRADUS_KERNEL V step(const V& p, const V&, const V& step, std::array<V, 1>& s) const {
      auto& [average] = s;
      average = decay * average + rest * (p - step);
      return step;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {static_cast<T>(decay), static_cast<T>(1.0 - decay)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_beta<T>(name, "decay", decay);
  }
  constexpr bool operator==(const Ema&) const = default;
};

}  // namespace gradus::inline GRADUS_ABI
