#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage: Nesterov's momentum of the steps, so that the rate is inside the velocity.
///
///   b <- momentum * b + step;  step <- step + momentum * b
///
/// Domain: momentum in [0, 1).
/// Units: b is in units of the parameter.
/// State: one slot, b, the velocity.
/// Traffic: 8 bytes a parameter in float (reads and writes b).
/// Init: b = 0.
/// Cost: two multiplications, two additions a parameter.
/// Errors: momentum NaN or outside [0, 1).
/// Source: I. Sutskever et al., On the importance of initialization and momentum in deep learning,
///   2013.
/// Differs: behind `SGD`, the Nesterov momentum of Keras, ensmallen, Caffe and tiny-dnn, within
///   rounding. While the rate is constant it is `Nesterov`.
struct NesterovVelocity {
  static constexpr const char* name = "NesterovVelocity";
  static constexpr const char* fields = "momentum";
  double momentum = 0.9;

  constexpr std::array<Slot, 1> slots() const { return {{{"b"}}}; }

  template <Real T>
  struct Kernel {
    T momentum;
    template <class V>
    GRADUS_KERNEL V step(V&, const V&, const V& step, std::array<V, 1>& s) const {
      auto& [b] = s;
      b = limited(momentum * b + step);
      return limited(step) + momentum * b;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {static_cast<T>(momentum)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_beta<T>(name, "momentum", momentum);
  }
  constexpr bool operator==(const NesterovVelocity&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
