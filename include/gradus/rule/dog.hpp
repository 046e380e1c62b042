#pragma once

#include <array>
#include <span>

#include <gradus/concept/slot.hpp>
#include <gradus/config/compiler.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// DoG, distance over gradients: SGD that finds its rate: the distance from the start, divided by
/// the root of the sum of squared gradient norms.
///
///   r <- max(r, |p - start|), at the first step reps_rel * (1 + |p|);  G <- G + |g|^2
///   p <- p - rate * r / sqrt(G + eps) * g
///
/// Domain: reps_rel > 0, eps > 0. Norms are over all spans; one that is not finite counts as 0.
/// Units: rate is a plain number: `Constant{1.0}`, or a schedule that falls from 1. r is in units
///   of the parameter, eps of the gradient squared.
/// State: one slot, start; two scalars, r ("distance") and G ("sum").
/// Traffic: 32 bytes a parameter in float (a pass that reads p, g, start; reads p, g, start; writes
///   p, start).
/// Init: start = p at construction, r = G = 0.
/// Cost: one multiplication a parameter; two norms and two roots a step.
/// Errors: reps_rel or eps not positive and finite; an optimizer constructed with a number of
///   parameters instead of the parameters.
/// Source: M. Ivgi, O. Hinder, Y. Carmon, DoG is SGD's best friend: a parameter-free dynamic step
///   size schedule, 2023.
/// Differs: as the authors' code; 1e-4 is their advice where there is
///   batch normalisation. They evaluate an average of the parameters: `Chain{DoG{}, Ema{}}`.
struct DoG {
  static constexpr const char* name = "DoG";
  static constexpr const char* fields = "reps_rel eps";
  double reps_rel = 1e-6;
  double eps = 1e-8;

  constexpr std::array<Slot, 1> slots() const { return {{{"start", 0, Slot::From::params}}}; }
  constexpr std::array<Scalar, 2> scalars() const { return {{{"distance"}, {"sum"}}}; }

  template <Real T, class M>
  constexpr SGD::Kernel<T> prepare(const Context& c, std::span<double, 2> scalars,
                                   const M& measure) const {
    return {step_size<T>(c.rate, scalars, measure)};
  }
  /// The factor of the gradients, from the norms that `measure` gives.
  template <Real T, class M>
  constexpr T step_size(double rate, std::span<double> scalars, const M& measure) const {
    using math::ieee;
    double &distance = scalars[0], &sum = scalars[1];
    if (distance == 0) {
      const ieee p = detail::norms<T>(measure, detail::OfBoth{})[0];
      distance = detail::round_to<double>(reps_rel * (1.0 + p));
    }
    const auto [travel, g] = detail::norms<T>(measure, detail::OfTravel{});
    if (travel > distance) distance = travel;
    sum = detail::round_to<double>(sum + ieee(g) * g);
    const ieee root = math::sqrt(static_cast<double>(ieee(sum) + eps));
    return detail::round_to<T>(ieee(rate) * distance / root);
  }
  template <Real T = double>
  constexpr Fault check() const {
    return check_as(name);
  }
  /// The same for a rule that is built on this one and has a name of its own.
  constexpr Fault check_as(const char* type) const {
    return detail::first_fault(detail::check_divisor<double>(type, "reps_rel", reps_rel),
                               detail::check_divisor<double>(type, "eps", eps));
  }
  constexpr bool operator==(const DoG&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
