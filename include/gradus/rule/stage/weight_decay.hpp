#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage: decoupled weight decay.
///
///   p <- p * (1 - rate * weight_decay), then the rule's step
///   if not `by_rate`:  p <- p * (1 - weight_decay), then the rule's step
///
/// Domain: weight_decay >= 0; in [0, 1] if not `by_rate`.
/// Units: weight_decay is 1 / rate; a plain number if not `by_rate`.
/// State: none.
/// Traffic: none of its own.
/// Init: nothing.
/// Cost: one multiplication a parameter.
/// Errors: weight_decay negative, NaN or infinite; above 1 if not `by_rate`.
/// Source: I. Loshchilov, F. Hutter, Decoupled weight decay regularization, 2019.
/// Differs: as PyTorch's AdamW; llm.c and optax subtract decay and step from the old parameter,
///   which is the same except for rounding. Flashlight's RMSprop, Adagrad, Adadelta
///   and AMSGrad decay without the rate. The paper's decay follows a multiplier of its own: `vary`.
struct WeightDecay {
  static constexpr const char* name = "WeightDecay";
  static constexpr const char* fields = "weight_decay by_rate";
  double weight_decay = 0.01;
  bool by_rate = true;

  template <Real T>
  struct Kernel {
    detail::Factor<T> keep;
    template <class V, std::size_t N>
    GRADUS_KERNEL V step(V& p, const V&, const V& step, std::array<V, N>&) const {
      p = keep * p;
      return step;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const math::ieee part = by_rate ? math::ieee(c.rate) * weight_decay : math::ieee(weight_decay);
    return {detail::round_to<T>(1.0 - part)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return by_rate ? detail::check_weight<T>(name, "weight_decay", weight_decay)
                   : detail::check_fraction(name, "weight_decay", weight_decay);
  }
  constexpr bool operator==(const WeightDecay&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
