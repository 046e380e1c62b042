#pragma once

#include <array>

#include <gradus/concept/slot.hpp>
#include <gradus/config/compiler.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/math/real.hpp>
#include <gradus/rule/adabound.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// AMSBound: AdaBound with the maximum of all v so far in place of v.
///
///   m, v as in Adam;  largest <- max(largest, v)
///   p <- p - AdaBound's step with largest in place of v
///
/// Domain: as AdaBound.
/// Units: as AdaBound.
/// State: three slots, m, v and largest.
/// Traffic: 36 bytes a parameter in float (reads p, g, m, v, largest; writes p and the slots).
/// Init: m = v = largest = 0.
/// Cost: one square root, one division and three comparisons a parameter; two powers a step.
/// Errors: as AdaBound.
/// Source: L. Luo et al., Adaptive gradient methods with dynamic bound of learning rate, 2019.
/// Differs: as AdaBound; the maximum is of v before its correction, as in the authors'
///   implementation (`amsbound=True`).
struct AMSBound {
  static constexpr const char* name = "AMSBound";
  static constexpr const char* fields = "beta1 beta2 eps final_ratio gamma";
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double final_ratio = 100;
  double gamma = 1e-3;

  static constexpr std::array<bool, 3> not_negative{false, true, true};
  constexpr std::array<Slot, 3> slots() const { return {{{"m"}, {"v"}, {"largest"}}}; }

  template <Real T>
  struct Kernel {
    AdaBound::Kernel<T> adabound;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 3>& s) const {
      auto& [m, v, largest] = s;
      adabound.moments(g, m, v);
      largest = max(largest, v);
      return adabound.bounded(largest) * m;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {adabound().template prepare<T>(c)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return adabound().template check_as<T>(name);
  }
  constexpr bool operator==(const AMSBound&) const = default;

 private:
  constexpr AdaBound adabound() const { return {beta1, beta2, eps, final_ratio, gamma}; }
};

}}  // namespace gradus::GRADUS_ABI
