// What a range test has seen, and the rates that follow from it.
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

/// The rates and losses of a range test, and rates to choose from; those are of the smoothed losses
/// without the first `skipped` and the last `cut`, of all where fewer than 20 remain. With rates
/// r(i) and losses l(i), i = 0 ... n - 1:
///
///   minimum:  r(i) where l(i) is least
///   steepest:  r(i) where (l(i + 1) - l(i)) / log(r(i + 1) / r(i)) is least
///   minimum / 10:  a tenth of that
///   valley:  r(b + int(s) + int(s / 2)), s = (e - b) / 3: half-way down the longest way down, the
///     longest subsequence of falling losses, of k losses, the first that ends last at e; b = e - k
///   slide:  r(i) for the first i from n - 16 down where the slope at i and that at i + 15 differ
///     by 0.005 at most, the one before it; slopes are central differences
///
/// Where there are fewer than 2 losses, NaN.
/// Source: fastai's lr_find and its four suggestions.
/// Differs: b is at least 0; from the right, there are no indices before the first.
struct RangeCurve {
  std::vector<double> rates{}, losses{}, smoothed{};
  std::size_t skipped = 0, cut = 5;  ///< at the beginning and at the end, for the suggestions
  bool diverged = false;             ///< stopped before the end

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
    const auto slope = [l = l](std::size_t i) {
      const std::size_t a = i == 0 ? 0 : i - 1, b = std::min(i + 1, l.size() - 1);
      return static_cast<double>((math::ieee(l[b]) - l[a]) / static_cast<double>(b - a));
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

  /// A rate, and what it is called.
  struct Mark {
    const char* name;
    double rate;
  };
  /// The losses over the rate, with these rates marked: for `svg` or `terminal`.
  io::Chart chart(std::string title, std::span<const Mark> marks) const {
    io::Series measured{"loss"}, smooth{"smoothed"};
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
  /// The same with all suggestions of a range test.
  io::Chart chart(std::string title = "Range test") const {
    const Mark marks[] = {{"steepest", steepest()},
                          {"valley", valley()},
                          {"slide", slide()},
                          {"minimum / 10", minimum_tenth()}};
    return chart(std::move(title), marks);
  }

 private:
  /// As high as the smoothed losses want it: single ones, before the end, are far beyond.
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
/// Whether a loss is beyond good + (divergence - 1) * |good|.
constexpr bool diverges(const double& loss, const double& good, double divergence) noexcept {
  const double size = good < 0 ? -good : good;
  return static_cast<double>(math::ieee(loss) - good) > (divergence - 1) * size;
}
/// What is common to the tests of a range of rates.
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
