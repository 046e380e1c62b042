// What a schedule comes to over a whole training.
#pragma once

#include <span>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/schedule/shape/interpolate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A step, and the rate there.
struct RateAt {
  step_t t = 0;
  double rate = 0;
  constexpr bool operator==(const RateAt&) const = default;
};

/// What `summarize` finds in a training's rates, those of t = 0 ... steps - 1.
struct Summary {
  step_t steps = 0;
  double first = 0, last = 0;  ///< rate(0), rate(steps - 1)
  double sum = 0, mean = 0;
  RateAt peak{}, lowest{};  ///< each where it is reached first
  step_t jumps = 0;         ///< how many
  step_t first_jump = 0;    ///< the first step with the rate after a jump; 0 if there is none
  constexpr bool operator==(const Summary&) const = default;

  /// The longest training that is gone through step by step: it takes some minutes.
  static constexpr step_t most_steps = step_t{1} << 32;
};

namespace detail {

/// A length to go through, and the fault that it may have.
constexpr Fault check_walk(const char* who, Length steps) noexcept {
  if (const Fault fault = check_length(who, "steps", steps)) return fault;
  if (steps.steps() > Summary::most_steps)
    return {who, "steps", "must be 2^32 at most", static_cast<double>(steps.value)};
  return {};
}

/// The rate at t, which must be a number. What a user's lambda computes is not fused with what
/// follows.
template <class S>
constexpr double finite_rate(const char* who, const S& schedule, step_t t) {
  const double rate = static_cast<double>(math::ieee(static_cast<double>(schedule(t))));
  if (!math::is_finite(rate))
    refuse(Sentence() << "gradus::" << who << ": the rate of step " << t << " must be finite (got "
                      << rate << ")");
  return rate;
}

/// A sum of twice the digits: its error does not grow with what is added.
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

/// Whether the way from a to b is more than rounding, where the largest rate is `most`: rates are
/// right to 2 ulp of it, and those that a float can hold may have been rounded to float.
constexpr bool above_rounding(const double& a, const double& b, const double& most) noexcept {
  const bool floats = ((math::to_bits(a) | math::to_bits(b)) & 0x1fff'ffff) == 0;
  const double way = magnitude(b - a);
  return way > 0x1p-48 * most && !(floats && way <= 0x1p-20 * larger(magnitude(a), magnitude(b)));
}

/// Calls visit(t) for each t whose rate lies more than four times as far from the one before as
/// either neighbour of this step does. Outside of the training the rate counts as level.
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

/// Goes through a training of so many steps: first, last, sum, mean, peak and lowest rate, jumps.
/// Under SGD with gradients of norm 1, the sum is how far the parameters can get.
///
///   sum = rate(0) + ... + rate(steps - 1)
///   a jump at t:  d(t) > 4 * max(d(t - 1), d(t + 1)),  d(t) = |rate(t) - rate(t - 1)|
///
/// A jump is also more than rounding: 2^-48 of the largest rate, and between two floats 2^-20 of
/// the larger. The first jumps' places, as many as fit, are written to `places`. The same bits
/// everywhere.
///
/// Domain: steps in [1, 2^32]; rates of either sign.
/// Cost: two evaluations a step. No allocation. For more than 2^32 steps, `preview`.
/// Errors: steps outside; a rate that is NaN or infinite; the schedule's own fault.
/// Differs: the sum is right to 1 ulp, however long: a loop of additions in float would stop
///   growing at 2^24 steps.
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
  detail::each_jump(rate, r.steps, most, [&](step_t t) {
    if (r.jumps++ == 0) r.first_jump = t;
    if (places.empty()) return;
    places.front() = t;
    places = places.subspan(1);
  });
  return r;
}

}}  // namespace gradus::GRADUS_ABI
