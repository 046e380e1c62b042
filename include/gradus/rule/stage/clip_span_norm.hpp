#pragma once

#include <array>
#include <span>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/rule/part/scaled.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stage: scales the gradients of each span (a layer's tensor) down if their norm exceeds
/// a limit.
///
///   |g| = sqrt(sum of g^2 over the span);  g <- g * min(1, max_norm / |g|)
///
/// Domain: max_norm > 0. A norm that is not finite clips nothing.
/// Units: max_norm is in units of the gradient.
/// State: none.
/// Traffic: 4 bytes a parameter in float (one more read of g).
/// Init: nothing.
/// Cost: one multiplication a parameter; one norm for each span.
/// Errors: max_norm zero, negative, NaN or infinite.
/// Source: Keras' clipnorm, burn's clipping by norm.
/// Differs: Keras and burn do the same except for NaN, which they spread over the tensor. The norm
///   of all spans together is `ClipNorm`.
struct ClipSpanNorm {
  static constexpr const char* name = "ClipSpanNorm";
  static constexpr const char* fields = "max_norm";
  double max_norm = 1;

  template <Real T>
  struct Kernel : detail::ScaledGradient<T> {
    double max_norm;
    template <class M>
    constexpr Kernel for_span(std::span<double>, const M& measure) const {
      const double norm = detail::norms<T>(measure, detail::OfGradients{})[0];
      return {{static_cast<T>(detail::clip_factor(norm, max_norm))}, max_norm};
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {{T{1}}, max_norm};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_divisor<double>(name, "max_norm", max_norm);
  }
  constexpr bool operator==(const ClipSpanNorm&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
