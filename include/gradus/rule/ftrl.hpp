#pragma once

#include <array>
#include <limits>
#include <span>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/simd/limited.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// FTRL-proximal: Adagrad's rate for each parameter, and an L1 penalty that sets parameters exactly
/// to 0.
///
///   n <- n + g^2
///   z <- z + g - ((sqrt(n) - sqrt(n before)) / rate
///                 + (beta + sqrt(n before)) * (1 / rate - 1 / rate before)) * p
///   p <- (clamp(z, -l1, l1) - z) / ((beta + sqrt(n)) / rate + l2)
///   at a rate of 0, or below 2^-60 (double: 2^-508): p stays, and z is updated without g, at the
///   last rate that was not 0
///
/// If the rate changes, the steps change, but the parameters do not jump. "rate before" is the last
/// rate that was not 0; at the first such step it is the rate itself, and n before is
/// initial_accumulator_value.
///
/// Domain: beta, l1, l2, initial_accumulator_value >= 0, and beta or initial_accumulator_value > 0.
///   The parameters are a function of z and n: their initial values matter only as far as
///   initial_accumulator_value and beta allow.
/// Units: z, beta and l1 are in units of the gradient, n and initial_accumulator_value of its
///   square, l2 of gradient / parameter; the rate is in units of the parameter.
/// State: two slots, z and n; one scalar, the rate before.
/// Traffic: 28 bytes a parameter in float (reads p, g, z, n; writes p, z, n).
/// Init: z = 0, n = initial_accumulator_value, the rate before 0.
/// Cost: two square roots and one division a parameter.
/// Errors: a field negative, NaN or infinite; beta and initial_accumulator_value both zero, also
///   once rounded to the parameters' type; beta above 2^60 (double: 2^508).
/// Source: H. B. McMahan et al., Ad click prediction: a view from the trenches, 2013, at a constant
///   rate; at others, each step's own part of the proximal sum, as H. B. McMahan, M. Streeter,
///   Adaptive bound optimization for online convex optimization, 2010.
/// Differs: beta is the paper's. Keras and TensorFlow have beta = 0, initial_accumulator_value =
///   0.1, count l2 twice, have other powers than the square root, and an L2 of the loss (here `L2`,
///   which z sees too). Their parameters follow a rate that changes: one that falls to a tenth
///   takes them to a tenth.
struct FTRL {
  static constexpr const char* name = "FTRL";
  static constexpr const char* fields = "l1 l2 beta initial_accumulator_value";
  static constexpr RuleTraits traits{.sets_params = true};
  double l1 = 0;
  double l2 = 0;
  double beta = 1;
  double initial_accumulator_value = 0;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const {
    return {{{"z"}, {"n", initial_accumulator_value}}};
  }
  constexpr std::array<Scalar, 1> scalars() const { return {{{"rate"}}}; }

  template <Real T>
  struct Kernel {
    T inverse, change, offset, l1, l2, beta;  // change: of the inverse since the last step
    bool moves, jumps;
    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, 2>& s) const {
      auto& [z, n] = s;
      const V h = squarable(g), before = sqrt(n);
      n = limited(n + h * h);
      // Where the rate jumps up, the difference would cancel: z anew, from p.
      if (jumps) [[unlikely]]
        z = limited(clamped(z) - ((beta + before) * inverse + l2) * p);
      const V pull = (sqrt(n) - before) * inverse + (offset + before) * change;
      if (!moves) [[unlikely]]
        z = limited(z - pull * p);
      else
        move(p, z = limited(z + h - pull * p), n);
      return V(T{0});
    }

   private:
    template <class V>
    GRADUS_KERNEL V clamped(const V& z) const {
      return max(V(-l1), min(V(l1), z));
    }
    template <class V>
    GRADUS_KERNEL void move(V& p, const V& z, const V& n) const {
      const V root = max(V(std::numeric_limits<T>::min()), (beta + sqrt(n)) * inverse + l2);
      p = (clamped(z) - z) / root;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 1> scalars) const {
    double& rate = scalars[0];
    const T last = inverse_of<T>(rate), now = inverse_of<T>(c.rate);
    const bool moves = now > 0, first = !(last > 0), jumps = moves && last > 2 * now;
    if (moves) rate = c.rate;
    // Before the first step, z was 0 whatever n was.
    const double root = math::sqrt(static_cast<double>(static_cast<T>(initial_accumulator_value)));
    return {moves ? now : last,
            moves && !jumps ? static_cast<T>(now - last) : T{0},
            first ? -static_cast<T>(root) : static_cast<T>(beta),
            static_cast<T>(l1),
            static_cast<T>(l2),
            static_cast<T>(beta),
            moves,
            jumps};
  }
  template <Real T = double>
  constexpr Fault check() const {
    const Fault fault = detail::first_fault(
        detail::check_weight<T>(name, "l1", l1), detail::check_weight<T>(name, "l2", l2),
        detail::check_weight<T>(name, "beta", beta),
        detail::check_weight<T>(name, "initial_accumulator_value", initial_accumulator_value));
    if (!fault && static_cast<T>(beta) == 0 && static_cast<T>(initial_accumulator_value) == 0)
      return {name, "beta",
              "must be > 0 in the parameters' type where initial_accumulator_value is not", beta};
    if (!fault && beta > simd::most_squarable<T>)
      return {name, "beta", "must be at most 2^60, for double 2^508", beta};
    return fault;
  }
  constexpr bool operator==(const FTRL&) const = default;

 private:
  // 1 / rate; 0 for a rate that is as good as none.
  template <Real T>
  static constexpr T inverse_of(const double& rate) {
    const double inverse = static_cast<double>(1.0 / math::ieee(rate));
    return rate > 0 && inverse <= simd::most_squarable<T> ? static_cast<T>(inverse) : T{0};
  }
};

}}  // namespace gradus::GRADUS_ABI
