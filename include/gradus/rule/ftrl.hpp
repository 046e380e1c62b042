#pragma once

#include <array>

#include <gradus/check.hpp>
#include <gradus/concepts.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/round_to.hpp>

namespace gradus::inline GRADUS_ABI {

/// FTRL-proximal: Adagrad's rate for each parameter, with an L1 penalty that makes parameters
/// exactly zero.
///
///   n <- n + g^2;  z <- z + g - (sqrt(n) - sqrt(n before)) / rate * p
///   p <- (clamp(z, -l1, l1) - z) / ((beta + sqrt(n)) / rate + l2)
///   at a rate of 0, or one whose inverse overflows, p stays
///
/// Domain: beta, l1, l2, start >= 0, and beta or start > 0. The parameters are a function of z and
///   n: what they were before the first step counts as far as start and beta let it.
/// Units: z, beta and l1 are in units of the gradient, n and start of its square, l2 of gradient /
///   parameter; the rate is in units of the parameter.
/// State: two slots, z and n.
/// Traffic: 28 bytes a parameter in float (reads p, g, z, n; writes p, z, n).
/// Init: z = 0, n = start.
/// Cost: two square roots and one division a parameter.
/// Errors: a field negative, NaN or infinite; beta and start both zero, also once rounded to the
///   parameters' type.
/// Source: H. B. McMahan et al., Ad click prediction: a view from the trenches, 2013.
/// Differs: the paper's beta and start. Keras and TensorFlow have beta = 0, start = 0.1, count l2
///   twice, have other powers than the square root, and an L2 of the loss (here `L2`, which z
///   sees too).
struct FTRL {
  static constexpr const char* name = "FTRL";
  static constexpr bool sets_params = true;
  double l1 = 0;
  double l2 = 0;
  double beta = 1;
  double start = 0;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"z"}, {"n", start}}}; }

  template <Real T>
  struct Kernel {
    T inverse, l1, l2, beta;
    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, 2>& s) const {
      auto& [z, n] = s;
      const V zero(T{0}), before = sqrt(n);
      n = n + g * g;
      z = z + g - (sqrt(n) - before) * inverse * p;
      const V w = (max(V(-l1), min(V(l1), z)) - z) / ((beta + sqrt(n)) * inverse + l2);
      p = select_less(zero, V(inverse), w, p);
      return zero;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const T inverse = static_cast<T>(static_cast<double>(1.0 / math::ieee(c.rate)));
    return {math::is_finite(inverse) ? inverse : T{0}, static_cast<T>(l1), static_cast<T>(l2),
            static_cast<T>(beta)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    const Fault fault = detail::first_fault(detail::check_not_negative<T>(name, "l1", l1),
                                            detail::check_not_negative<T>(name, "l2", l2),
                                            detail::check_not_negative<T>(name, "beta", beta),
                                            detail::check_not_negative<T>(name, "start", start));
    if (!fault && static_cast<T>(beta) == 0 && static_cast<T>(start) == 0)
      return {name, "beta", "must be > 0 in the parameters' type where start is not", beta};
    return fault;
  }
  constexpr bool operator==(const FTRL&) const = default;
};

}  // namespace gradus::inline GRADUS_ABI
