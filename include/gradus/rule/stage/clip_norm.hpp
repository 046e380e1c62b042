#pragma once

#include <array>

#include <gradus/check.hpp>
#include <gradus/concepts.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/norm.hpp>

namespace gradus::inline GRADUS_ABI {

/// Gradient stage: scales all gradients down together if their global norm exceeds a limit.
///
///   |g| = sqrt(sum of g^2 over all parameters of all spans);  g <- g * min(1, limit / |g|)
///
/// Domain: limit > 0; the norm is over the spans of one optimizer. A norm that is not finite (a
///   NaN or an infinity somewhere) clips nothing.
/// Units: limit is in units of the gradient.
/// State: none.
/// Traffic: 4 bytes a parameter in float (one more read of g).
/// Init: nothing.
/// Cost: one multiplication a parameter; the sum is taken in double over a fixed tree, the same
///   bits whatever the threads.
/// Errors: limit zero, negative, NaN or infinite.
/// Source: R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural
///   networks, 2013.
/// Differs: PyTorch divides by the norm + 1e-6 and sums in float; Keras' clipnorm is for each
///   tensor and turns every
///   gradient into NaN when one is.
struct ClipNorm {
  static constexpr const char* name = "ClipNorm";
  double limit = 1;

  template <Real T>
  struct Kernel {
    T factor;
    template <class V, std::size_t N>
    GRADUS_KERNEL V gradient(const V&, const V& g, std::array<V, N>&) const {
      return factor * g;
    }
  };
  struct Square {
    static constexpr std::size_t count = 1;
    template <class V, std::size_t N>
    GRADUS_KERNEL std::array<Product<V>, 1> operator()(const V&, const V& g,
                                                       const std::array<V, N>&) const {
      return {Product<V>{g, g}};
    }
  };
  template <Real T, class M>
  constexpr Kernel<T> prepare(const Context&, const M& measure) const {
    const double norm = detail::norms<T>(measure, Square{})[0];
    const double factor = norm > limit ? static_cast<double>(math::ieee(limit) / norm) : 1.0;
    return {static_cast<T>(factor)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_positive<double>(name, "limit", limit);
  }
  constexpr bool operator==(const ClipNorm&) const = default;
};

}  // namespace gradus::inline GRADUS_ABI
