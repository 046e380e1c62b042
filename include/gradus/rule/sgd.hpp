#pragma once

#include <array>

#include <gradus/concept/rule.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Stochastic gradient descent.
///
///   p <- p - rate * g
///
/// Domain: any finite gradient.
/// Units: the rate is parameter^2 / loss.
/// State: none.
/// Traffic: 12 bytes a parameter in float (reads p, g; writes p).
/// Init: nothing.
/// Cost: one multiplication and one subtraction a parameter.
/// Errors: none of its own.
/// Source: H. Robbins, S. Monro, A stochastic approximation method, 1951.
/// Differs: weight decay is a stage (`L2`, `WeightDecay`), not a field.
struct SGD {
  static constexpr const char* name = "SGD";

  template <Real T>
  struct Kernel {
    T rate;
    template <class V, std::size_t N>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, N>&) const {
      return rate * g;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate)};
  }
  constexpr bool operator==(const SGD&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
