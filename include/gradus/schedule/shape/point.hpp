// A value at a step.
#pragma once

#include <cstdint>

#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// `{100, 0.5}` is the value 0.5 at step 100.
template <Real T = double>
struct Point {
  Length at = {};
  T value = 0;

  constexpr bool operator==(const Point&) const = default;
};

namespace detail {

/// The steps of points must ascend, and their values be rates. `first`, 0 or 1, is the least step.
template <Real T, class List>
constexpr Fault check_points(const char* type, const List& points, std::int64_t first) noexcept {
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
