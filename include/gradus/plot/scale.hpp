// optional header
// The scale of an axis: the position of a number, and the ticks.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <gradus/math/ieee.hpp>
#include <gradus/math/log.hpp>
#include <gradus/text/digits.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// A number and its label.
struct Tick {
  double value = 0;
  std::string label{};
  bool operator==(const Tick&) const = default;
};

/// Maps numbers to a fraction of an axis, linear or logarithmic. The same bits everywhere.
struct Scale {
  double low = 0, high = 1;
  bool logarithmic = false;
  std::vector<Tick> ticks{};

  /// 0 at low, 1 at high; below 0 or above 1 outside.
  double at(double value) const noexcept {
    const math::ieee from = position(low);
    return static_cast<double>((position(value) - from) / (position(high) - from));
  }

 private:
  math::ieee position(double value) const noexcept {
    return logarithmic ? math::log(value) : value;
  }
};

namespace detail {

/// The label of a tick, with an exponent if the numbers of the axis are very large or small.
inline std::string label(double x, double size) {
  const bool plain = x == 0 || (size >= 1e-3 && size < 1e5);
  return plain ? written(x, std::chars_format::general, 12)
               : written(x, std::chars_format::scientific, 11);
}

/// digits * 10^exponent, correctly rounded if both factors are exact (|exponent| <= 22).
inline double decimal(std::int64_t digits, int exponent) noexcept {
  math::ieee power = 1;
  for (int i = std::abs(exponent); i > 0; --i) power = power * 10;
  const math::ieee d = static_cast<double>(digits);
  return static_cast<double>(exponent < 0 ? d / power : d * power);
}

/// The largest k with 10^k <= x, for x > 0.
inline int exponent_of(double x) noexcept {
  int k = static_cast<int>(std::floor(math::log(x) / 2.302585092994046));
  while (decimal(1, k) > x) --k;
  while (decimal(1, k + 1) <= x) ++k;
  return k;
}

/// Multiples of 1, 2 or 5 times a power of ten, from the last that is <= low to the first that is
/// >= high.
inline std::vector<Tick> linear_ticks(double low, double high, int intervals) {
  const double wanted = (high - low) / intervals;
  const int exponent = exponent_of(wanted);
  std::int64_t unit = 1;
  for (const std::int64_t next : {2, 5, 10})
    if (decimal(unit, exponent) < wanted * 0.999999) unit = next;
  const auto multiple = [&](std::int64_t i) { return decimal(i * unit, exponent); };
  // Minus 1, because the quotient may have been rounded up.
  auto i = static_cast<std::int64_t>(std::floor(low / multiple(1))) - 1;
  while (multiple(i + 1) <= low) ++i;
  std::vector<Tick> ticks{{multiple(i), {}}};
  while (ticks.back().value < high) ticks.push_back({multiple(++i), {}});
  const double size = std::max(std::fabs(low), std::fabs(high));
  for (Tick& t : ticks) t.label = label(t.value, size);
  return ticks;
}

/// Powers of ten, with multiples between them if there is room, from the last that is <= low to the
/// first that is >= high.
inline std::vector<Tick> logarithmic_ticks(double low, double high, int intervals) {
  const int first = exponent_of(low), decades = exponent_of(high) - first;
  const int stride = 1 + decades / (intervals + 1);
  const double room = intervals / (math::log(high / low) / 2.302585092994046);  // in a decade
  std::vector<int> factors{1};
  if (room >= 1.5) factors = {1, 3};
  if (room >= 2.5) factors = {1, 2, 5};
  std::vector<Tick> ticks;
  for (int k = first;; k += stride)
    for (const int factor : factors) {
      const double value = decimal(factor, k);
      if (value <= low) ticks.clear();
      ticks.push_back({value, label(value, value)});
      if (value >= high) return ticks;
    }
}

/// Moves two ends apart if they are so close that points between them could not be distinguished.
inline void spread(double& low, double& high) noexcept {
  const double size = std::max(std::fabs(low), std::fabs(high));
  if (size >= 1e-200 && high - low >= 1e-9 * size) return;
  const double about = size >= 1e-200 ? size / 2 : 1;
  low -= about;
  high += about;
}

}  // namespace detail

/// A scale for numbers in [low, high] with about `intervals` intervals between ticks. Its ends are
/// the outermost ticks.
///
/// Domain: low <= high, both at most 1e200 in magnitude, and at least 1e-200 if logarithmic;
///   intervals in [1, 100].
inline Scale scale(double low, double high, bool logarithmic, int intervals) {
  detail::spread(low, high);
  Scale r{low, high, logarithmic, {}};
  // Within less than half a decade, a logarithmic axis is nearly linear.
  if (!logarithmic || high < 3 * low) r.ticks = detail::linear_ticks(low, high, intervals);
  if (r.ticks.empty() || (logarithmic && r.ticks.front().value <= 0))
    r.ticks = detail::logarithmic_ticks(low, high, intervals);
  r.low = r.ticks.front().value;
  r.high = r.ticks.back().value;
  return r;
}

/// The same scale with other ends.
inline Scale clipped(Scale scale, double low, double high) {
  scale.low = low;
  scale.high = high;
  std::erase_if(scale.ticks, [&](const Tick& t) { return t.value < low || t.value > high; });
  return scale;
}

/// A scale for the categories 0, 1, 2, ...
inline Scale categories(const std::vector<std::string>& labels) {
  Scale r{-0.5, static_cast<double>(labels.size()) - 0.5, false, {}};
  for (const std::string& label : labels)
    r.ticks.push_back({static_cast<double>(r.ticks.size()), label});
  return r;
}

}}}  // namespace gradus::GRADUS_ABI::io
