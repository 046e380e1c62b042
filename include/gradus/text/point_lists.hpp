// optional header
// Schedules whose number of boundaries or points is known at run time.
#pragma once

#include <span>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/math/real.hpp>
#include <gradus/schedule/multi_step.hpp>
#include <gradus/schedule/piecewise_constant.hpp>
#include <gradus/schedule/points.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A MultiStep whose number of boundaries is known at run time.
template <Real T>
struct MultiStep<std::dynamic_extent, T> {
  static constexpr const char* name = "MultiStep";
  static constexpr const char* fields = MultiStep<1, T>::fields;
  real<T> start = 0;
  std::vector<Length> boundaries = {};
  double factor = 0.1;
  Boundary boundary = Boundary::at;

  constexpr T operator()(step_t t) const noexcept { return MultiStep<1, T>::rate(*this, t); }
  constexpr Fault check() const noexcept { return MultiStep<1, T>::fault(*this); }
  bool operator==(const MultiStep&) const = default;
};

/// A PiecewiseConstant whose number of points is known at run time.
template <Real T>
struct PiecewiseConstant<std::dynamic_extent, T> {
  static constexpr const char* name = "PiecewiseConstant";
  static constexpr const char* fields = PiecewiseConstant<1, T>::fields;
  real<T> start = 0;
  std::vector<Point<real<T>>> points = {};
  Boundary boundary = Boundary::at;

  constexpr T operator()(step_t t) const noexcept {
    return PiecewiseConstant<1, T>::rate(*this, t);
  }
  constexpr Fault check() const noexcept { return PiecewiseConstant<1, T>::fault(*this); }
  bool operator==(const PiecewiseConstant&) const = default;
};

/// A Points whose number of points is known at run time.
template <Real T>
struct Points<std::dynamic_extent, T> {
  static constexpr const char* name = "Points";
  static constexpr const char* fields = Points<1, T>::fields;
  std::vector<Point<real<T>>> points = {};
  Curve curve = Curve::linear;
  double power = 1;

  constexpr T operator()(step_t t) const noexcept { return Points<1, T>::rate(*this, t); }
  constexpr Fault check() const noexcept {
    if (points.empty()) return {name, "points", "must not be empty", 0};
    return Points<1, T>::fault(*this);
  }
  bool operator==(const Points&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
