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

/// DoWG, distance over weighted gradients: DoG that weights each gradient by the squared distance
/// from the start.
///
///   r <- max(r, |p - start|);  v <- v + r^2 * |g|^2
///   p <- p - rate * r^2 / (sqrt(v) + eps) * g
///
/// Domain: initial_distance > 0, eps > 0. Norms are over all spans; one that is not finite counts
///   as 0.
/// Units: rate is a plain number: `Constant{1.0}`, or a schedule that falls from 1.
///   initial_distance and r are in units of the parameter, eps of parameter * gradient.
/// State: one slot, start; two scalars, r ("distance") and v ("sum").
/// Traffic: 32 bytes a parameter in float (a pass that reads p, g, start; reads p, g, start; writes
///   p, start).
/// Init: start = p at construction, r = initial_distance, v = 0.
/// Cost: one multiplication a parameter; two norms and one root a step.
/// Errors: initial_distance or eps not positive and finite; an optimizer constructed with a number
///   of parameters instead of the parameters.
/// Source: A. Khaled, K. Mishchenko, C. Jin, DoWG unleashed: an efficient universal parameter-free
///   gradient descent method, 2023.
/// Differs: as optax, which is given initial_distance^2, there equal to eps.
struct DoWG {
  static constexpr const char* name = "DoWG";
  static constexpr const char* fields = "initial_distance eps";
  double initial_distance = 1e-2;
  double eps = 1e-4;

  constexpr std::array<Slot, 1> slots() const { return {{{"start", 0, Slot::From::params}}}; }
  constexpr std::array<Scalar, 2> scalars() const {
    return {{{"distance", initial_distance}, {"sum"}}};
  }

  template <Real T, class M>
  constexpr SGD::Kernel<T> prepare(const Context& c, std::span<double, 2> scalars,
                                   const M& measure) const {
    using math::ieee;
    double &distance = scalars[0], &sum = scalars[1];
    const auto [travel, g] = detail::norms<T>(measure, detail::OfTravel{});
    if (travel > distance) distance = travel;
    const ieee square = ieee(distance) * distance;
    sum = detail::round_to<double>(sum + square * (ieee(g) * g));
    return {detail::round_to<T>(c.rate * square / (ieee(math::sqrt(sum)) + eps))};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(
        detail::check_divisor<double>(name, "initial_distance", initial_distance),
        detail::check_divisor<double>(name, "eps", eps));
  }
  constexpr bool operator==(const DoWG&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
