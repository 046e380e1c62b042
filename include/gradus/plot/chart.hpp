// optional header
// A chart as a value: what is drawn, independent of how it is drawn.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <gradus/error/check.hpp>
#include <gradus/error/fault.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// A point of a curve. A point that an axis cannot show makes a gap.
/// Its error is drawn along x if y has categories, otherwise along y.
struct ChartPoint {
  double x = 0, y = 0;
  double error = 0;  ///< how far the error reaches to each side; at most 0 or NaN: there is none
  constexpr bool operator==(const ChartPoint&) const = default;
};

/// A curve, or a disc at each point. Series with the same name share a colour and an entry in the
/// legend; a series without a name has no entry.
struct Series {
  std::string name{};
  std::vector<ChartPoint> points{};
  bool dots = false;    ///< discs instead of a line
  bool strong = false;  ///< emphasises the series: it is thicker and in front of the others
  bool area = false;    ///< tints what is below the line
  bool operator==(const Series&) const = default;
};

/// An axis. Its ends follow from the points, unless `low` and `high` are given. With `labels`, it
/// shows the categories 0, 1, 2, ... from left to right, or from top to bottom.
struct Axis {
  std::string title{};
  bool logarithmic = false;
  std::optional<double> low{}, high{};
  std::vector<std::string> labels{};  ///< of the categories

  /// Whether the axis can show a number: it must be finite and at most 1e200 in magnitude, and on a
  /// logarithmic axis at least 1e-200.
  bool shows(double value) const noexcept {
    return math::is_finite(value) && std::fabs(value) <= 1e200 && !(logarithmic && value < 1e-200);
  }
  /// The first fault, for `refuse_if`.
  Fault check() const noexcept {
    if (!labels.empty() && (logarithmic || low || high))
      return {"io::Axis", "labels", "must stand without logarithmic, low and high",
              static_cast<double>(labels.size())};
    if (low && !shows(*low)) return {"io::Axis", "low", "must be a number that it shows", *low};
    if (high && !shows(*high)) return {"io::Axis", "high", "must be a number that it shows", *high};
    if (low && high && *high - *low < 1e-9 * std::max(std::fabs(*low), std::fabs(*high)))
      return {"io::Axis", "high", "must be > low, by a billionth at least", *high};
    return {};
  }
  bool operator==(const Axis&) const = default;
};

/// One pair of axes with its curves.
struct Panel {
  std::string title{};
  std::vector<Series> series{};
  bool operator==(const Panel&) const = default;
};

/// One panel, or several small panels with the same axes (small multiples), row by row.
struct Chart {
  std::string title{};
  Axis x{}, y{};
  std::vector<Panel> panels{};
  std::size_t columns = 1;           ///< number of panels in a row
  double width = 640, height = 320;  ///< of the area of a panel's curves, in pixels

  /// The first fault, for `refuse_if`.
  Fault check() const noexcept {
    if (columns == 0) return {"io::Chart", "columns", "must be > 0", 0};
    if (panels.size() > 10'000)
      return {"io::Chart", "panels", "must be 10000 at most", static_cast<double>(panels.size())};
    const auto side = [](const char* field, const double& size) -> Fault {
      if (math::is_finite(size) && size >= 1 && size <= 10'000) return {};
      return {"io::Chart", field, "must be in [1, 10000]", size};
    };
    return gradus::detail::first_fault(side("width", width), side("height", height), x.check(),
                                       y.check());
  }
  bool operator==(const Chart&) const = default;
};

}}}  // namespace gradus::GRADUS_ABI::io
