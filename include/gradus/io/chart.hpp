// optional header
// A chart as a value: what is drawn, not how.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gradus/check.hpp>
#include <gradus/fault.hpp>

namespace gradus::inline GRADUS_ABI::io {

/// A point of a curve. One that is not finite, or not positive on a logarithmic axis, is a gap.
struct Point {
  double x = 0, y = 0;
  constexpr bool operator==(const Point&) const = default;
};

/// A curve. Curves of one name share colour and legend entry; one without a name has no entry.
struct Series {
  std::string name{};
  std::vector<Point> points{};
  bool operator==(const Series&) const = default;
};

/// An axis: its title, and its ends where they are not to follow from the points.
struct Axis {
  std::string title{};
  bool logarithmic = false;
  std::optional<double> low{}, high{};

  /// The first fault, for `refuse_if`.
  Fault check() const noexcept {
    for (const auto& end : {low, high})
      if (end && (!math::is_finite(*end) || (logarithmic && !(*end > 0))))
        return {"io::Axis", "low, high", "must be finite, and > 0 on a logarithmic axis", *end};
    if (low && high && !(*low < *high)) return {"io::Axis", "high", "must be > low", *high};
    return {};
  }
  bool operator==(const Axis&) const = default;
};

/// One system of axes with its curves.
struct Panel {
  std::string title{};
  std::vector<Series> series{};
  bool operator==(const Panel&) const = default;
};

/// One panel, or several small ones with the same axes (small multiples) row by row.
struct Chart {
  std::string title{};
  Axis x{}, y{};
  std::vector<Panel> panels{};
  std::size_t columns = 1;               ///< panels in a row
  double width = 640.0, height = 320.0;  ///< of the area in which a panel's curves lie, in pixels

  /// The first fault, for `refuse_if`.
  Fault check() const noexcept {
    if (columns == 0) return {"io::Chart", "columns", "must be > 0", 0};
    return detail::first_fault(detail::check_positive<double>("io::Chart", "width", width),
                               detail::check_positive<double>("io::Chart", "height", height),
                               x.check(), y.check());
  }
  bool operator==(const Chart&) const = default;
};

}  // namespace gradus::inline GRADUS_ABI::io
