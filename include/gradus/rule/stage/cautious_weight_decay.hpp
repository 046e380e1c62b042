#pragma once

#include <array>

#include <gradus/config/compiler.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/stage/weight_decay.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage: decoupled weight decay, only where it does not oppose the step.
///
///   p <- p * (1 - rate * weight_decay) where step * p >= 0, then the rule's step
///
/// Domain: weight_decay >= 0.
/// Units: weight_decay is 1 / rate.
/// State: none.
/// Traffic: none of its own.
/// Init: nothing.
/// Cost: one multiplication and five comparisons a parameter.
/// Errors: weight_decay negative, NaN or infinite.
/// Source: L. Chen et al., Cautious weight decay, 2025.
/// Differs: nothing. A parameter whose step is zero decays, as in the paper.
struct CautiousWeightDecay {
  static constexpr const char* name = "CautiousWeightDecay";
  static constexpr const char* fields = "weight_decay";
  double weight_decay = 0.01;

  template <Real T>
  struct Kernel {
    detail::Factor<T> keep;
    template <class V, std::size_t N>
    GRADUS_KERNEL V step(V& p, const V&, const V& step, std::array<V, N>&) const {
      p = select_less(sign(step) * sign(p), V(T{0}), p, keep * p);
      return step;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {WeightDecay{weight_decay}.prepare<T>(c).keep};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_weight<T>(name, "weight_decay", weight_decay);
  }
  constexpr bool operator==(const CautiousWeightDecay&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
