#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage: decoupled weight decay of the new parameter in place of the old one: a proximal
/// step, which is stable for every rate.
///
///   p <- (p - step) / (1 + rate * weight_decay)
///
/// Domain: weight_decay >= 0.
/// Units: weight_decay is 1 / rate.
/// State: none.
/// Traffic: none of its own.
/// Init: nothing.
/// Cost: two multiplications a parameter: old parameter and step are both scaled.
/// Errors: weight_decay negative, NaN or infinite.
/// Source: Z. Zhuang et al., Understanding AdamW through proximal methods and scale-freeness, 2022.
/// Differs: the default of Adan's authors (`no_prox=False`), except for the rounding.
struct ProximalWeightDecay {
  static constexpr const char* name = "ProximalWeightDecay";
  static constexpr const char* fields = "weight_decay";
  double weight_decay = 0.01;

  template <Real T>
  struct Kernel {
    T keep;
    template <class V, std::size_t N>
    GRADUS_KERNEL V step(V& p, const V&, const V& step, std::array<V, N>&) const {
      p = p * keep;
      return limited(step) * keep;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {detail::round_to<T>(1.0 / (1.0 + math::ieee(c.rate) * weight_decay))};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_weight<T>(name, "weight_decay", weight_decay);
  }
  constexpr bool operator==(const ProximalWeightDecay&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
