// optional header
// Schedules as a chart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gradus/concept/schedule.hpp>
#include <gradus/plot/chart.hpp>
#include <gradus/survey/preview.hpp>
#include <gradus/text/describe.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Adds the lowest and the highest of the points in a column of a picture, in their order.
inline void add_column(std::vector<ChartPoint>& points, std::span<const ChartPoint> column) {
  if (!std::all_of(column.begin(), column.end(),
                   [](ChartPoint p) { return math::is_finite(p.y); })) {
    points.insert(points.end(), column.begin(), column.end());
    return;
  }
  const auto [low, high] =
      std::minmax_element(column.begin(), column.end(),
                          [](const ChartPoint& a, const ChartPoint& b) { return a.y < b.y; });
  points.push_back(*std::min(low, high));
  if (low->y != high->y) points.push_back(*std::max(low, high));
}

}  // namespace detail

/// A schedule from t = 0 to t = steps as a curve for a picture of `columns` columns. For each
/// column it has the lowest and the highest rate, so that no peak is lost between two samples.
///
/// Cost: one evaluation for each step, but at most 65,536, evenly spaced.
/// Errors: steps negative; the schedule's own fault. A NaN or infinite rate makes a gap.
template <Schedule S>
Series course(std::string name, const S& schedule, Length steps, std::size_t columns = 640) {
  const auto last = static_cast<std::uint32_t>(std::min(steps.steps(), step_t{65'535}));
  const std::size_t all = last + std::size_t{1};
  std::vector<double> rates(all);
  preview(schedule, steps, rates);
  std::vector<ChartPoint> every(all);
  gradus::each_sample(steps.steps(), all, [&](std::size_t i, step_t t) {
    every[i] = {static_cast<double>(t), rates[i]};
  });
  const std::size_t stride = all / std::max<std::size_t>(columns, 1);
  Series r{std::move(name)};
  if (stride < 3) {
    r.points = std::move(every);
    return r;
  }
  for (std::size_t from = 0; from < all; from += stride)
    detail::add_column(r.points, std::span(every).subspan(from, std::min(stride, all - from)));
  if (r.points.back() != every.back()) r.points.push_back(every.back());
  return r;
}

/// A schedule with a name in the chart.
template <Schedule S>
struct Labelled {
  std::string label{};
  S schedule;
};
template <class L, class S>
Labelled(L, S) -> Labelled<S>;

namespace detail {

template <Schedule S>
Series curve_of(const S& schedule, Length steps) {
  return course(std::string(describe(schedule).text()), schedule, steps);
}
template <class S>
Series curve_of(const Labelled<S>& schedule, Length steps) {
  return course(schedule.label, schedule.schedule, steps);
}

}  // namespace detail

/// A chart of one or several schedules. Each is named by its description, or by its label if it is
/// `Labelled`.
///
///   svg(plot(10'000, cosine, Labelled{"mine", [](step_t t) { return ...; }}))
///
/// Errors: those of `course`.
template <class... S>
Chart plot(Length steps, const S&... schedules) {
  Chart chart{"", {"step"}, {"rate"}, {{"", {detail::curve_of(schedules, steps)...}}}};
  const std::vector<Series>& series = chart.panels[0].series;
  if (series.size() == 1) chart.title = series[0].name;  // there is no legend
  return chart;
}

}}}  // namespace gradus::GRADUS_ABI::io
