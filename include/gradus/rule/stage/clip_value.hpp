#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stage: clips every gradient to [-clip_value, clip_value].
///
///   g <- max(-clip_value, min(clip_value, g))
///
/// Domain: clip_value > 0; a NaN stays NaN.
/// Units: clip_value is in units of the gradient.
/// State: none.
/// Traffic: none of its own.
/// Init: nothing.
/// Cost: two comparisons a parameter.
/// Errors: clip_value zero, negative, NaN, infinite, or zero once rounded to the parameters' type.
/// Source: T. Mikolov, Statistical language models based on neural networks, 2012.
/// Differs: nothing: as torch.nn.utils.clip_grad_value_, but the gradients themselves are left
///   alone.
struct ClipValue {
  static constexpr const char* name = "ClipValue";
  static constexpr const char* fields = "clip_value";
  double clip_value = 1;

  template <Real T>
  struct Kernel {
    T clip_value;
    template <class V, std::size_t N>
    GRADUS_KERNEL V gradient(const V&, const V& g, std::array<V, N>&) const {
      return max(V(-clip_value), min(V(clip_value), g));
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {static_cast<T>(clip_value)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_divisor<T>(name, "clip_value", clip_value);
  }
  constexpr bool operator==(const ClipValue&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
