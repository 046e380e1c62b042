// The losses of a range test, and the rates that it suggests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/log.hpp>
#include <gradus/plot/chart.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The rates and losses of a range test, and suggested rates. Suggestions use the smoothed losses
/// without the first `skipped` and the last `cut`, or all of them if fewer than 20 would remain.
/// With rates r(i) and losses l(i), i = 0 ... n - 1:
///
///   minimum       r(i) with the least l(i)
///   minimum / 10  a tenth of that
///   steepest      r(i) with the least (l(i + 1) - l(i)) / log(r(i + 1) / r(i))
///   valley        r(b + int(s) + int(s / 2)), s = (e - b) / 3: half-way down the longest
///                 subsequence of falling losses, which has k losses and ends at e; b = e - k
///   slide         going down from i = n - 16, the rate before the first i at which the slopes at i
///                 and at i + 15 differ by at most 0.005; slopes are central differences
///
/// With fewer than 2 losses every suggestion is NaN.
/// Source: fastai's lr_find and its four suggestions.
/// Differs: b is at least 0, and i does not go below 0; in fastai negative indices count from the
///   end.
struct RangeCurve {
  std::vector<double> rates{}, losses{}, smoothed{};
  std::size_t skipped = 0,
              cut = 5;    ///< losses that suggestions ignore, at the start and at the end
  bool diverged = false;  ///< whether the test stopped before its end

  double steepest() const {
    const auto [r, l] = kept();
    double least = 0, found = math::quiet_nan<double>();
    for (std::size_t i = 0; i + 1 < l.size(); ++i) {
      const math::ieee way = math::ieee(l[i + 1]) - l[i];
      const double slope = static_cast<double>(way / math::log(r[i + 1] / r[i]));
      if (i == 0 || slope < least) least = slope, found = r[i];
    }
    return found;
  }
  double minimum() const {
    const auto [r, l] = kept();
    if (l.size() < 2) return math::quiet_nan<double>();
    return r[static_cast<std::size_t>(std::min_element(l.begin(), l.end()) - l.begin())];
  }
  double minimum_tenth() const { return minimum() / 10; }
  double valley() const {
    const auto [r, l] = kept();
    if (l.size() < 2) return math::quiet_nan<double>();
    std::vector<std::size_t> way(l.size(), 1);
    std::size_t end = 0;
    for (std::size_t i = 1; i < l.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j)
        if (l[i] < l[j]) way[i] = std::max(way[i], way[j] + 1);
      if (way[i] > way[end]) end = i;
    }
    const std::size_t begin = end - std::min(end, way[end]), third = (end - begin) / 3;
    return r[begin + third + (end - begin) / 6];
  }
  double slide() const {
    constexpr std::size_t apart = 15;
    const auto [r, l] = kept();
    if (l.size() < 2) return math::quiet_nan<double>();
    if (l.size() <= apart) return r.front();
    const auto slope = [loss = l](std::size_t i) {
      const std::size_t a = i == 0 ? 0 : i - 1, b = std::min(i + 1, loss.size() - 1);
      return static_cast<double>((math::ieee(loss[b]) - loss[a]) / static_cast<double>(b - a));
    };
    std::size_t i = l.size() - 1 - apart;
    double found = r[i];
    for (;; --i) {
      const double change = slope(i + apart) - slope(i);
      if ((change < 0 ? -change : change) <= 0.005) break;
      found = r[i];
      if (i == 0) break;
    }
    return found;
  }

  /// A rate and its name.
  struct Mark {
    const char* name;
    double rate;
  };
  /// A chart of the losses over the rate, with these rates marked.
  io::Chart chart(std::string title, std::span<const Mark> marks) const {
    io::Series measured{"loss"}, smooth{"smoothed"};
    smooth.strong = true;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      measured.points.push_back({rates[i], losses[i]});
      smooth.points.push_back({rates[i], smoothed[i]});
    }
    io::Panel panel{"", {std::move(measured)}};
    if (smoothed != losses) panel.series.push_back(std::move(smooth));
    for (const Mark& mark : marks) {
      if (!math::is_finite(mark.rate) || rates.empty()) continue;
      const auto above = std::lower_bound(rates.begin(), rates.end(), mark.rate);
      const auto at =
          std::min<std::size_t>(static_cast<std::size_t>(above - rates.begin()), rates.size() - 1);
      panel.series.push_back({mark.name, {{mark.rate, smoothed[at]}}, true});
    }
    return {std::move(title), {"rate", true}, loss_axis(), {std::move(panel)}};
  }
  /// The same with all suggestions of a range test marked.
  io::Chart chart(std::string title = "Range test") const {
    const Mark marks[] = {{"steepest", steepest()},
                          {"valley", valley()},
                          {"slide", slide()},
                          {"minimum / 10", minimum_tenth()}};
    return chart(std::move(title), marks);
  }

 private:
  /// An axis for the smoothed losses, because single losses near the end are far larger.
  io::Axis loss_axis() const {
    io::Axis axis{"loss"};
    if (smoothed == losses || smoothed.empty()) return axis;
    const auto [least, most] = std::minmax_element(smoothed.begin(), smoothed.end());
    if (*most > *least) axis.high = *most + (*most - *least) / 2;
    return axis.check() ? io::Axis{"loss"} : axis;
  }
  struct Kept {
    std::span<const double> rates, losses;
  };
  Kept kept() const {
    const Kept all{rates, smoothed};
    if (rates.size() < skipped + cut + 20) return all;
    const std::size_t n = rates.size() - skipped - cut;
    return {all.rates.subspan(skipped, n), all.losses.subspan(skipped, n)};
  }
};

namespace detail {
/// Whether a loss is above good + (divergence - 1) * |good|.
constexpr bool diverges(const double& loss, const double& good, double divergence) noexcept {
  const double size = good < 0 ? -good : good;
  return static_cast<double>(math::ieee(loss) - good) > (divergence - 1) * size;
}
/// The first fault of the fields that `RangeTest` and `RateScan` share.
constexpr Fault check_range(const char* type, const double& start, const double& end,
                            const double& divergence) noexcept {
  if (const Fault fault = first_fault(check_positive<double>(type, "start", start),
                                      check_positive<double>(type, "end", end)))
    return fault;
  if (end <= start) return {type, "end", "must be > start", end};
  if (!(divergence > 1)) return {type, "divergence", "must be > 1", divergence};
  return {};
}
}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
