#pragma once

#include <array>
#include <span>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage, hypergradient descent: multiplies the steps by a factor, which follows the gradient
/// of the loss with respect to that factor.
///
///   h = sum(g * last);  factor <- max(factor + beta * h, floor)
///   relative:  factor <- max(factor * (1 + beta * h / (|g| * |last|)), floor)
///   last <- step;  p <- p - factor * step
///
/// `last` is the step before, without its factor: h is minus the derivative of the loss by that
/// factor. With `Constant{1.0}` and `.start = 0.1` the factor is the rate, and
/// `Chain{SGD{}, Hypergradient{}}` SGD-HD, with `Adam{}` Adam-HD.
///
/// Domain: beta >= 0, relative: below 1; start > 0; floor in [0, start]. Sums are over all spans;
///   an h that is not finite leaves the factor alone. g is the gradient as it came from the caller.
/// Units: start and floor are factors; beta, where not relative, is one factor squared per loss.
/// State: one slot, last; one scalar, the factor.
/// Traffic: what the rule reads and 4 bytes in a pass of its own, and 8 bytes a parameter in float.
/// Init: last = 0, factor = start.
/// Cost: one multiplication a parameter; three sums over all parameters.
/// Errors: a field outside.
/// Source: A. G. Baydin et al., Online learning rate adaptation with hypergradient descent, 2018.
/// Differs: where the schedule is not constant, `last` is at the rate of its own step. The authors'
///   code moves the rate after each tensor, here it does once for all of them; theirs may become
///   negative. beta is theirs for SGD; for Adam they take 1e-7.
struct Hypergradient {
  static constexpr const char* name = "Hypergradient";
  static constexpr const char* fields = "beta relative start floor";
  double beta = 1e-3;
  bool relative = false;
  double start = 1;
  double floor = 0;

  constexpr std::array<Slot, 1> slots() const { return {{{"last"}}}; }
  constexpr std::array<Scalar, 1> scalars() const { return {{{"factor", start}}}; }

  template <Real T>
  struct Kernel {
    T factor;
    template <class V>
    GRADUS_KERNEL V step(const V&, const V&, const V& step, std::array<V, 1>& s) const {
      s[0] = limited(step);
      return factor * s[0];
    }
  };
  struct Sums {
    static constexpr std::size_t count = 3;
    template <class V>
    GRADUS_KERNEL std::array<Product<V>, 3> operator()(const V&, const V& g, const V&,
                                                       const std::array<V, 1>& s) const {
      return {Product<V>{g, s[0]}, Product<V>{g, g}, Product<V>{s[0], s[0]}};
    }
  };
  template <Real T, class M>
  constexpr Kernel<T> prepare(const Context&, std::span<double, 1> scalars,
                              const M& measure) const {
    using math::ieee;
    double& factor = scalars[0];
    const auto [h, gg, ss] = measure(Sums{});
    if (h != 0) {  // at first nothing is known
      const ieee unit = relative ? ieee(math::sqrt(gg)) * math::sqrt(ss) / factor : ieee(1.0);
      const double next = static_cast<double>(factor + ieee(beta) * h / unit);
      if (math::is_finite(next)) factor = next < floor ? floor : next;
    }
    return {detail::round_to<T>(ieee(factor))};
  }
  constexpr Fault check() const {
    if (relative && beta >= 1) return {name, "beta", "must be < 1 where it is relative", beta};
    return detail::first_fault(detail::check_weight<double>(name, "beta", beta),
                               detail::check_divisor<double>(name, "start", start),
                               detail::check_floor<double>(name, floor, start));
  }
  constexpr bool operator==(const Hypergradient&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
