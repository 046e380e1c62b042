#pragma once

#include <cstddef>

#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/curve.hpp>
#include <gradus/schedule/shape/point.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// From point to point, on straight lines or another curve.
///
///   rate(t) = the curve from (a.at, a.value) to (b.at, b.value) for a.at <= t <= b.at;
///   the first point's value before it, the last point's value after it
///
/// `Points{.points = {{0, 0.1}, {100, 1}, {1'000, 0}}}`: the compiler counts the points.
///
/// Domain: values >= 0, and > 0 for Curve::geometric; at >= 0 and ascending; power > 0; all t.
///   Within [min, max] of the values, and exact at the points.
/// Units: values are rates, `at` is a step; power is that of Curve::power.
/// Cost: a comparison for each point, and the cost of the curve.
/// Errors: a value negative or not finite, or 0 for Curve::geometric; a point's step not given,
///   negative, or not above that of the point before; power <= 0 or not finite.
/// Source: -
/// Differs: optax' piecewise_interpolate_schedule, linear and cosine, takes each value as a factor
///   of the one before.
/// Example: Points{.points = {{0, 0.01}, {200, 0.1}, {600, 0.06}, {1'000, 0}}}
template <std::size_t N, Real T = double>
struct Points {
  static constexpr const char* name = "Points";
  static constexpr const char* fields = "points curve= power=";
  Point<real<T>> points[N] = {};
  Curve curve = Curve::linear;
  double power = 1;

  constexpr T operator()(step_t t) const noexcept { return rate(*this, t); }
  constexpr Fault check() const noexcept { return fault(*this); }
  constexpr bool operator==(const Points&) const = default;

  // For any type with these fields, whatever it keeps its points in. Without points the rate is 0.
  template <class S>
  static constexpr T rate(const S& s, step_t t) noexcept {
    const Point<T>* a = nullptr;  // the last point up to t
    for (const Point<T>& b : s.points) {
      if (t >= b.at.steps()) {
        a = &b;
        continue;
      }
      if (a == nullptr) return b.value;
      const step_t begin = a->at.steps();
      return detail::falling<T>(s.curve, a->value, b.value, t - begin, b.at.steps() - begin,
                                s.power);
    }
    return a == nullptr ? T{0} : a->value;
  }
  template <class S>
  static constexpr Fault fault(const S& s) noexcept {
    if (const Fault fault =
            detail::first_fault(detail::check_points<T>(name, s.points, 0),
                                detail::check_choice(name, "curve", s.curve),
                                detail::check_positive<double>(name, "power", s.power)))
      return fault;
    for (const Point<T>& p : s.points)
      if (s.curve == Curve::geometric && !(p.value > 0))
        return {name, "points.value", "must be > 0 for a geometric curve", 0};
    return {};
  }
};

}}  // namespace gradus::GRADUS_ABI
