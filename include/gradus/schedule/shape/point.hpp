// A value at a step: what tables of a schedule are made of.
#pragma once

#include <cstdint>
#include <span>

#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// `{100, 0.5}`: at step 100 the value 0.5.
template <Real T = double>
struct Point {
  Length at = {};
  T value = 0;

  constexpr bool operator==(const Point&) const = default;
};

namespace detail {

/// Points whose places ascend, and whose values are rates. `first`: 0 or 1, where the first may be.
template <Real T>
constexpr Fault check_points(const char* type, std::span<const Point<T>> points,
                             std::int64_t first) noexcept {
  std::int64_t above = first - 1;
  for (const Point<T>& p : points) {
    if (!p.at.is_given()) return {type, "points.at", "must be given", 0, false};
    if (p.at.value <= above)
      return {type, "points.at",
              first == 0 ? "must be >= 0 and ascending" : "must be > 0 and ascending",
              static_cast<double>(p.at.value)};
    above = p.at.value;
    if (const Fault fault =
            check_not_negative<T>(type, "points.value", static_cast<double>(p.value)))
      return fault;
  }
  return {};
}

}  // namespace detail

}}  // namespace gradus::GRADUS_ABI
