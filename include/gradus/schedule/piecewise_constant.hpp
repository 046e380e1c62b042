#pragma once

#include <cstddef>

#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/boundary.hpp>
#include <gradus/schedule/shape/point.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// One value, then others, each from its own boundary on.
///
///   rate(t) = the value of the last point with t >= point.at; before the first, start
///
/// `PiecewiseConstant{.start = 1, .points = {{30, 0.5}, {80, 0.1}}}`: the braces say how many.
///
/// Domain: start and values >= 0, points > 0 and ascending; all t. Within [min, max] of the values.
/// Units: start and values are rates, the points' places steps.
/// Cost: a comparison for each point.
/// Errors: a value negative or not finite; a point whose step is not given, 0 or negative, or not
///   above the one before.
/// Source: -
/// Differs: a value is first seen at its point, as in optax' piecewise_constant_schedule, which
///   takes factors instead of values; in Keras' PiecewiseConstantDecay one step later
///   (Boundary::after).
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

  // For any type of these fields, however it keeps its points.
  template <class S>
  static constexpr T rate(const S& s, step_t t) noexcept {
    T value = s.start;
    for (const Point<T>& p : s.points)
      if (detail::is_past(t, p.at, s.boundary)) value = p.value;
    return value;
  }
  template <class S>
  static constexpr Fault fault(const S& s) noexcept {
    return detail::first_fault(
        detail::check_not_negative<T>(name, "start", static_cast<double>(s.start)),
        detail::check_points<T>(name, s.points, 1),
        detail::check_choice(name, "boundary", s.boundary));
  }
};

}}  // namespace gradus::GRADUS_ABI
