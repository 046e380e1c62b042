// The sum, the extremes and the jumps of a schedule over a training.
#pragma once

#include <cstddef>
#include <span>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/schedule/shape/interpolate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A step and its rate.
struct RateAt {
  step_t t = 0;
  double rate = 0;
  constexpr bool operator==(const RateAt&) const = default;
};

/// The result of `summarize`, over the rates of t = 0 ... steps - 1.
struct Summary {
  step_t steps = 0;
  double first = 0, last = 0;  ///< rate(0), rate(steps - 1)
  double sum = 0, mean = 0;
  RateAt peak{}, lowest{};  ///< each at the first step that has it
  step_t jumps = 0;         ///< the number of jumps
  step_t first_jump = 0;    ///< the first step after the first jump; 0 if there is none
  constexpr bool operator==(const Summary&) const = default;

  /// The longest training that is evaluated step by step, which takes some minutes.
  static constexpr step_t most_steps = step_t{1} << 32;
};

namespace detail {

/// The fault of a length that is to be evaluated step by step.
constexpr Fault check_walk(const char* who, Length steps) noexcept {
  if (const Fault fault = check_length(who, "steps", steps)) return fault;
  if (steps.steps() > Summary::most_steps)
    return {who, "steps", "must be 2^32 at most", static_cast<double>(steps.value)};
  return {};
}

/// The rate at t, which must be finite. `ieee` keeps the compiler from fusing the computation of a
/// user's lambda with what follows.
template <class S>
constexpr double finite_rate(const char* who, const S& schedule, step_t t) {
  const double rate = static_cast<double>(math::ieee(static_cast<double>(schedule(t))));
  if (!math::is_finite(rate))
    refuse(Sentence() << "gradus::" << who << ": the rate of step " << t << " must be finite (got "
                      << rate << ")");
  return rate;
}

/// A sum with twice as many digits, whose error does not grow with the number of terms.
class Total {
 public:
  constexpr void add(double x) noexcept {
    const auto [sum, rest] = two_sum(high_, x);
    high_ = sum;
    low_ = low_ + rest;
  }
  constexpr double value() const noexcept {
    const double high = static_cast<double>(high_);
    return math::is_finite(high) ? static_cast<double>(high_ + low_) : high;
  }

 private:
  math::ieee high_ = 0.0, low_ = 0.0;
};

constexpr double magnitude(const double& x) noexcept { return x < 0 ? -x : x; }
constexpr double larger(const double& a, const double& b) noexcept { return a < b ? b : a; }

/// Whether the difference of a and b is more than rounding, if the largest rate is `most`. Rates
/// have errors of up to 2 ulp of it, and rates that a float can hold may have been rounded to
/// float.
constexpr bool above_rounding(const double& a, const double& b, const double& most) noexcept {
  const bool floats = ((math::to_bits(a) | math::to_bits(b)) & 0x1fff'ffff) == 0;
  const double way = magnitude(b - a);
  return way > 0x1p-48 * most && !(floats && way <= 0x1p-20 * larger(magnitude(a), magnitude(b)));
}

/// Calls visit(t) for each t at which the rate changes more than four times as much as at t - 1 and
/// at t + 1. Before and after the training the rate counts as constant.
template <class Rate, class Visit>
constexpr void each_jump(const Rate& rate, step_t steps, double most, const Visit& visit) {
  double a = rate(0), b = steps > 1 ? rate(1) : a, before = 0;
  for (step_t t = 1; t < steps; ++t) {
    const double c = t + 1 < steps ? rate(t + 1) : b;
    const double here = magnitude(b - a);
    if (here > 4 * larger(before, magnitude(c - b)) && above_rounding(a, b, most)) visit(t);
    before = here;
    a = b;
    b = c;
  }
}

}  // namespace detail

/// Evaluates a schedule over a training: first, last, sum, mean, peak and lowest rate, and jumps.
/// For SGD with gradients of norm 1, the sum is the largest distance that the parameters can move.
///
///   sum = rate(0) + ... + rate(steps - 1)
///   a jump at t:  d(t) > 4 * max(d(t - 1), d(t + 1)),  d(t) = |rate(t) - rate(t - 1)|
///
/// A jump is also more than rounding: more than 2^-48 of the largest rate, and between two floats
/// more than 2^-20 of the larger. The steps of the first jumps, as many as fit, are written to
/// `places`. The same bits everywhere.
///
/// Domain: steps in [1, 2^32]; rates of either sign.
/// Cost: two evaluations for each step. No allocation. For more than 2^32 steps, use `preview`.
/// Errors: steps outside its domain; a rate that is NaN or infinite; the schedule's own fault.
/// Differs: the error of the sum is at most 1 ulp for any number of steps. A loop of additions in
///   float would stop growing at 2^24 steps.
template <Schedule S>
constexpr Summary summarize(const S& schedule, Length steps, std::span<step_t> places = {}) {
  refuse_if(fault_of<double>(schedule));
  refuse_if(detail::check_walk("summarize", steps));
  const auto rate = [&](step_t t) { return detail::finite_rate("summarize", schedule, t); };
  Summary r{steps.steps(), rate(0), 0, 0, 0, {0, rate(0)}, {0, rate(0)}};
  detail::Total total;
  for (step_t t = 0; t < r.steps; ++t) {
    r.last = rate(t);
    total.add(r.last);
    if (r.last > r.peak.rate) r.peak = {t, r.last};
    if (r.last < r.lowest.rate) r.lowest = {t, r.last};
  }
  r.sum = total.value();
  r.mean = static_cast<double>(math::ieee(r.sum) / static_cast<double>(r.steps));
  const double most = detail::larger(r.peak.rate, -r.lowest.rate);
  std::size_t noted = 0;
  detail::each_jump(rate, r.steps, most, [&](step_t t) {
    if (noted < places.size()) places[noted++] = t;
    if (r.jumps++ == 0) r.first_jump = t;
  });
  return r;
}

}}  // namespace gradus::GRADUS_ABI
