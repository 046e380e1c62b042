#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <gradus/error/fault.hpp>
#include <gradus/feedback/factor.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Reduces the rate when a noisy metric, one for each step, has no downward trend over the last
/// `Window` metrics: metric in, factor out.
///
///   x(i) = a + slope * i + noise by least squares
///   se(slope)^2 = rest / (n - 2) / sum of (i - mean)^2
///   no trend:  slope >= -deviations * se(slope), with all metrics and without the worst tenth
///   every Window / 100 metrics, if there is no trend in a full window:
///     value <- max(value * factor, floor);  the oldest `drop` metrics are forgotten
///
/// Domain: factor in (0, 1); deviations >= 0; drop in [1, Window]; start > 0; floor in [0, start];
///   Window > 9; any metric. NaN, infinity and sizes above 1e150 count as the worst metric; a
///   window with more than a tenth of those has no trend.
/// Units: deviations in standard errors of the slope; drop in metrics.
/// State: `state`, Window + 3 doubles. A copy of it, or of the whole, continues as the original.
/// Init: an empty window, value() is start.
/// Cost: one move of the window; when a trend is looked for, one or two passes over it and a
///   partial sort.
/// Errors: a field outside its domain, at each call, also of `value`.
/// Source: dlib's trainer, whose window, discarded tenth and dropped metrics these are.
/// Differs: dlib asks for a probability of a decrease below 0.51, which the normal distribution has
///   at 0.025 deviations. A metric that is left out leaves a gap in i; dlib renumbers the others.
///   dlib ends the training at a least rate; here it goes on.
template <std::size_t Window = 2000>
  requires(Window > 9)
struct SlopePlateau {
  static constexpr const char* name = "SlopePlateau";
  double factor = 0.1;
  double deviations = 0.025;
  Goal goal = Goal::min;
  Length drop = Window * 3 / 10;
  double start = 1;
  double floor = 0;

  struct State {
    std::array<double, Window> metrics{};      ///< oldest first
    double seen = 0;                           ///< how many there are
    double since = 0;                          ///< metrics since a trend was looked for
    double value = math::quiet_nan<double>();  ///< NaN: start
  } state{};

  /// The current factor, or rate.
  constexpr double value() const {
    refuse_if(check());
    return detail::value_of(*this);
  }
  /// Takes a metric, and returns `value()`.
  constexpr double operator()(const double& metric) {
    refuse_if(check());
    const bool counts = detail::fits_in_window(metric);
    if (state.seen == Window) forget(1);
    state.metrics[size()] = !counts ? worst : goal == Goal::max ? -metric : metric;
    state.seen += 1;
    state.since += 1;
    const double now = detail::value_of(*this);
    if (state.seen < Window || state.since < static_cast<double>(Window / 100)) return now;
    state.since = 0;
    if (falls(worst) || falls(without_tenth())) return now;
    forget(static_cast<std::size_t>(drop.value));
    return state.value = detail::shrunk(now, factor, floor);
  }
  constexpr Fault check() const noexcept {
    if (drop.value < 1 || drop.steps() > Window)
      return {name, "drop", "must be in [1, Window]", static_cast<double>(drop.value)};
    if (!(state.seen >= 0 && state.seen <= Window))
      return {name, "state.seen", "must be in [0, Window]", state.seen};
    return detail::first_fault(detail::check_shrinking(*this),
                               detail::check_choice(name, "goal", goal),
                               detail::check_not_negative<double>(name, "deviations", deviations));
  }

 private:
  static constexpr double worst = detail::window_limit;

  constexpr std::size_t size() const noexcept { return static_cast<std::size_t>(state.seen); }
  constexpr void forget(std::size_t n) noexcept {
    for (std::size_t i = n; i < Window; ++i) state.metrics[i - n] = state.metrics[i];
    state.seen -= static_cast<double>(n);
  }
  /// The largest metric that does not belong to the worst tenth.
  constexpr double without_tenth() const {
    std::array<double, Window> metrics = state.metrics;
    const auto x = [&](std::ptrdiff_t i) -> double& {
      return metrics[static_cast<std::size_t>(i)];
    };
    constexpr std::ptrdiff_t at = Window - Window / 10 - 1;
    for (std::ptrdiff_t low = 0, high = Window - 1; low < high;) {  // Hoare's selection
      const double pivot = x(at);
      std::ptrdiff_t i = low, j = high;
      while (i <= j) {
        while (x(i) < pivot) ++i;
        while (pivot < x(j)) --j;
        if (i <= j) std::swap(x(i++), x(j--));
      }
      if (j < at) low = i;
      if (at < i) high = j;
    }
    return x(at);
  }
  /// Whether there is a trend downwards among the metrics up to `most`.
  constexpr bool falls(double most) const noexcept {
    math::ieee n = 0.0, mean_i = 0.0, mean_x = 0.0, ii = 0.0, ix = 0.0, xx = 0.0;
    for (std::size_t i = 0; i < Window; ++i) {
      const double x = state.metrics[i];
      if (x > most) continue;
      if (x >= worst) return false;
      // Updates the means and the sums of squares around them (Welford, 1962).
      n = n + 1.0;
      const math::ieee to_i = static_cast<double>(i) - mean_i, to_x = x - mean_x;
      mean_i = mean_i + to_i / n;
      mean_x = mean_x + to_x / n;
      ii = ii + to_i * (static_cast<double>(i) - mean_i);
      ix = ix + to_i * (x - mean_x);
      xx = xx + to_x * (x - mean_x);
    }
    const math::ieee slope = ix / ii;
    const double rest = static_cast<double>(xx - slope * ix);
    if (static_cast<double>(slope) >= 0) return false;
    // -slope > deviations * se, squared.
    const math::ieee variance = (rest > 0 ? rest : 0.0) / (n - 2.0) / ii;
    return static_cast<double>(slope * slope) >
           static_cast<double>(variance * (deviations * math::ieee(deviations)));
  }
};

}}  // namespace gradus::GRADUS_ABI
