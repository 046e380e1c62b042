#pragma once

#include <cstddef>

#include <gradus/error/check.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/schedule/shape/boundary.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step decay at given steps: the rate is multiplied by a factor at each boundary.
///
///   rate(t) = start * factor^(number of boundaries b with t >= b)
///
/// `MultiStep{.start = 0.1, .boundaries = {30, 60, 80}}`: the compiler counts the boundaries.
///
/// Domain: start >= 0, boundaries > 0 and ascending, factor in (0, 1]; all t. Within [0, start].
/// Units: start is a rate, boundaries are steps.
/// Cost: a comparison for each boundary, and one power.
/// Errors: start negative or not finite; a boundary not given, 0, negative, or not above the one
///   before; factor outside (0, 1].
/// Source: A. Krizhevsky, I. Sutskever, G. Hinton, ImageNet classification with deep convolutional
///   networks, 2012.
/// Differs: the first step with the lower rate is the boundary itself, as in PyTorch, optax, Caffe
///   and MXNet; in timm it is the step before (Boundary::before), in Keras the step after
///   (Boundary::after). PyTorch drops twice at a milestone that is given twice; here that is an
///   error. For two drops at once, or a factor for each boundary as in optax, use
///   `PiecewiseConstant`.
/// Example: MultiStep{.start = 0.1, .boundaries = {400, 700, 900}, .factor = 0.3}
template <std::size_t N, Real T = double>
struct MultiStep {
  static constexpr const char* name = "MultiStep";
  static constexpr const char* fields = "start boundaries factor= boundary=";
  real<T> start = 0;
  Length boundaries[N] = {};
  double factor = 0.1;
  Boundary boundary = Boundary::at;

  constexpr T operator()(step_t t) const noexcept { return rate(*this, t); }
  constexpr Fault check() const noexcept { return fault(*this); }
  constexpr bool operator==(const MultiStep&) const = default;

  // For any type with these fields, whatever it keeps its boundaries in.
  template <class S>
  static constexpr T rate(const S& s, step_t t) noexcept {
    int drops = 0;
    for (const Length& b : s.boundaries) drops += detail::is_past(t, b, s.boundary) ? 1 : 0;
    return detail::times(s.start, math::pow(s.factor, static_cast<double>(drops)));
  }
  template <class S>
  static constexpr Fault fault(const S& s) noexcept {
    return detail::first_fault(detail::check_rate(name, "start", s.start),
                               detail::check_boundaries(name, s.boundaries),
                               detail::check_choice(name, "boundary", s.boundary),
                               detail::check_factor(name, "factor", s.factor));
  }
};

}}  // namespace gradus::GRADUS_ABI
