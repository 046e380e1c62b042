#pragma once

#include <array>
#include <span>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/scaled.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stage, adaptive gradient clipping: scales the gradients of each span (a layer's tensor)
/// down if their norm exceeds clip_factor times the norm of its parameters.
///
///   g <- g * min(1, clip_factor * max(|p|, eps) / |g|)
///
/// Domain: clip_factor > 0, eps > 0. A norm of gradients that is not finite clips nothing, one of
///   parameters counts as 0.
/// Units: clip_factor is gradient / parameter; eps is in units of the parameter.
/// State: none.
/// Traffic: 8 bytes a parameter in float (one more read of p and g).
/// Init: nothing.
/// Cost: one multiplication a parameter; two norms for each span.
/// Errors: clip_factor or eps zero, negative, NaN or infinite.
/// Source: A. Brock et al., High-performance large-scale image recognition without normalization,
///   2021.
/// Differs: the paper, timm and optax take the norms of every row of a weight matrix (its units)
///   by itself: a span has no rows. Pass the rows as spans for that.
struct AGC {
  static constexpr const char* name = "AGC";
  static constexpr const char* fields = "clip_factor eps";
  double clip_factor = 0.01;
  double eps = 1e-3;

  template <Real T>
  struct Kernel : detail::ScaledGradient<T> {
    double clip_factor, eps;
    template <class M>
    constexpr Kernel for_span(std::span<double>, const M& measure) const {
      const auto [p, g] = detail::norms<T>(measure, detail::OfBoth{});
      const math::ieee most = math::ieee(clip_factor) * (p > eps ? p : eps);
      const double down = detail::clip_factor(g, static_cast<double>(most));
      return {{static_cast<T>(down)}, clip_factor, eps};
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {{T{1}}, clip_factor, eps};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_divisor<double>(name, "clip_factor", clip_factor),
                               detail::check_divisor<double>(name, "eps", eps));
  }
  constexpr bool operator==(const AGC&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
