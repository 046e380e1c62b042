#pragma once

#include <cstddef>

#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/boundary.hpp>
#include <gradus/schedule/shape/point.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Constant rates, each from a given step on.
///
///   rate(t) = the value of the last point with t >= point.at; before the first, start
///
/// `PiecewiseConstant{.start = 1, .points = {{30, 0.5}, {80, 0.1}}}`: the compiler counts the
/// points.
///
/// Domain: start and values >= 0, points > 0 and ascending; all t. Within [min, max] of the values.
/// Units: start and the points' values are rates, the points' `at` steps.
/// Cost: a comparison for each point.
/// Errors: a value negative or not finite; a point whose step is not given, 0, negative, or not
///   above that of the point before.
/// Source: -
/// Differs: the first step with a value is its point, as in optax' piecewise_constant_schedule,
///   which takes factors instead of values. In Keras' PiecewiseConstantDecay it is one step later
///   (Boundary::after).
/// Example: PiecewiseConstant{.start = 0.1, .points = {{300, 0.04}, {800, 0.01}}}
template <std::size_t N, Real T = double>
struct PiecewiseConstant {
  static constexpr const char* name = "PiecewiseConstant";
  static constexpr const char* fields = "start points boundary=";
  real<T> start = 0;
  Point<real<T>> points[N] = {};
  Boundary boundary = Boundary::at;

  constexpr T operator()(step_t t) const noexcept { return rate(*this, t); }
  constexpr Fault check() const noexcept { return fault(*this); }
  constexpr bool operator==(const PiecewiseConstant&) const = default;

  // For any type with these fields, whatever it keeps its points in.
  template <class S>
  static constexpr T rate(const S& s, step_t t) noexcept {
    T value = s.start;
    for (const Point<T>& p : s.points)
      if (detail::is_past(t, p.at, s.boundary)) value = p.value;
    return value;
  }
  template <class S>
  static constexpr Fault fault(const S& s) noexcept {
    return detail::first_fault(detail::check_rate(name, "start", s.start),
                               detail::check_points<T>(name, s.points, 1),
                               detail::check_choice(name, "boundary", s.boundary));
  }
};

}}  // namespace gradus::GRADUS_ABI
