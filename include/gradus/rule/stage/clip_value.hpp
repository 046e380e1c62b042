#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stage: clips every gradient to [-limit, limit].
///
///   g <- max(-limit, min(limit, g))
///
/// Domain: limit > 0; a NaN stays NaN.
/// Units: limit is in units of the gradient.
/// State: none.
/// Traffic: none of its own.
/// Init: nothing.
/// Cost: two comparisons a parameter.
/// Errors: limit zero, negative, NaN, infinite, or zero once rounded to the parameters' type.
/// Source: T. Mikolov, Statistical language models based on neural networks, 2012.
/// Differs: nothing: as torch.nn.utils.clip_grad_value_, but the gradients themselves are left
///   alone.
struct ClipValue {
  static constexpr const char* name = "ClipValue";
  double limit = 1;

  template <Real T>
  struct Kernel {
    T limit;
    template <class V, std::size_t N>
    GRADUS_KERNEL V gradient(const V&, const V& g, std::array<V, N>&) const {
      return max(V(-limit), min(V(limit), g));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {static_cast<T>(limit)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_divisor<T>(name, "limit", limit);
  }
  constexpr bool operator==(const ClipValue&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
