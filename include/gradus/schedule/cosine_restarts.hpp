#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/log.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/schedule/shape/curve.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/length_of.hpp>
#include <gradus/schedule/shape/quotient.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Cosine annealing with warm restarts: half a cosine from start to end, again and again. Each
/// cycle may be longer than the one before, and start lower.
///
///   rate(t) = end + decay^c * (start - end) * (1 + cos(pi * x / (steps * growth^c))) / 2
///   c is the cycle, which begins at steps * (1 + growth + ... + growth^(c - 1)), x the number of
///   steps since then; rate(t) = end from cycle `limit` on
///
/// Domain: start, end >= 0, steps > 0, growth >= 1, decay in (0, 1], limit >= 0 (0: no end); all t.
///   Within [min, max] of start and end. If growth is whole, each cycle begins at exactly its step.
///   Otherwise cycles are not a whole number of steps long, and a step that is within 2^-40 of a
///   cycle before the next cycle belongs to the next one; the error grows with growth / (growth -
///   1).
/// Units: start and end are rates, steps a number of steps, limit a number of cycles, growth and
///   decay are factors for each cycle.
/// Cost: two divisions and a cosine; for growth > 1 a loop over the cycles so far, or two
///   logarithms and a power; for decay < 1 one more power.
/// Errors: start or end negative or not finite; steps not given, 0 or negative; growth < 1 or not
///   finite; decay outside (0, 1]; limit negative.
/// Source: I. Loshchilov, F. Hutter, SGDR: stochastic gradient descent with warm restarts, 2017.
/// Differs: the cycle is computed with integers. PyTorch's and timm's floor(log(...)) is wrong at
///   exact boundaries (PyTorch: T_0 = 1, T_mult = 3, t = 121). PyTorch has no decay, and neither
///   PyTorch nor Keras has a limit, which is timm's cycle_limit. decay multiplies the part above
///   end, as Keras' m_mul does; timm's multiplies start. Ignite rounds its cycles down to whole
///   steps.
/// Example: CosineRestarts{.start = 0.1, .steps = 150, .growth = 2, .decay = 0.7}
template <Real T = double>
struct CosineRestarts {
  static constexpr const char* name = "CosineRestarts";
  static constexpr const char* fields = "start end= steps growth= decay= limit=";
  real<T> start = 0;
  real<T> end = 0;
  Length steps = {};
  double growth = 1;
  double decay = 1;
  Length limit = 0;

  constexpr T operator()(step_t t) const noexcept {
    const InCycle place = find(t);
    if (limit.steps() != 0 && place.cycle >= limit.steps()) return end;
    const double height = decay == 1 ? 1.0 : math::pow(decay, static_cast<double>(place.cycle));
    return detail::half_cosine<T>(
        start, end, static_cast<double>(place.x.hi + place.x.lo),
        [&](bool from_end) { return place.share(from_end); }, height);
  }
  /// The length of all cycles, rounded up; endless without a limit.
  constexpr Length length() const noexcept {
    if (limit.steps() == 0) return Length::endless();
    if (steps.steps() == 0) return steps;
    if (!(growth > 1)) return detail::scaled(steps.steps(), limit.steps(), 1).length();
    const math::ieee first = static_cast<double>(steps.steps());
    const math::ieee all =
        first * ((math::ieee(math::pow(growth, static_cast<double>(limit.steps()))) - 1.0) /
                 (growth - math::ieee(1.0)));
    if (!(static_cast<double>(all) < 0x1p62)) return last_step;
    const auto about = static_cast<step_t>(static_cast<double>(all));
    // The first step after all cycles.
    step_t t = about < 2 ? 0 : about - 2;
    while (find(t).cycle < limit.steps()) ++t;
    return t;
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::first_fault(detail::check_rate(name, "start", start),
                                                detail::check_rate(name, "end", end),
                                                detail::check_length(name, "steps", steps)))
      return fault;
    if (!math::is_finite(growth) || growth < 1)
      return {name, "growth", "must be finite and >= 1", growth};
    return detail::first_fault(detail::check_length_or_0(name, "limit", limit),
                               detail::check_factor(name, "decay", decay));
  }
  constexpr bool operator==(const CosineRestarts&) const = default;

 private:
  struct InCycle {
    step_t cycle;
    math::dd x;                // the position in the cycle, in [0, 1)
    step_t at = 0, steps = 0;  // the same in steps, if these are whole and below 2^64

    // The distance to the end of the cycle, or from its start.
    constexpr math::dd share(bool from_end) const noexcept {
      if (steps == 0) return from_end ? math::dd{1.0 - x.hi, -x.lo} : x;
      return detail::fraction_dd(from_end ? steps - at : at, steps);
    }
  };
  static constexpr InCycle whole(step_t cycle, step_t t, step_t steps) noexcept {
    return {cycle, {detail::fraction(t, steps), 0.0}, t, steps};
  }

  constexpr InCycle find(step_t t) const noexcept {
    const step_t first = steps.steps() == 0 ? 1 : steps.steps();
    if (!(growth > 1)) return whole(t / first, t % first, first);
    if (growth >= 0x1p64)  // the second cycle is longer than any t
      return t < first ? whole(0, t, first) : InCycle{1, position_in(t - first, first, growth)};
    const auto factor = static_cast<step_t>(growth);
    return static_cast<double>(factor) == growth ? find_whole(t, first, factor)
                                                 : find_real(t, first);
  }
  // Goes through the cycles; there are at most 64.
  static constexpr InCycle find_whole(step_t t, step_t length, step_t factor) noexcept {
    const step_t longest = ~step_t{0} / factor;
    for (step_t cycle = 0;; ++cycle) {
      if (t < length) return whole(cycle, t, length);
      t -= length;
      if (length > longest)  // the next is longer than any t
        return {cycle + 1, position_in(t, length, static_cast<double>(factor))};
      length *= factor;
    }
  }
  static constexpr math::dd position_in(step_t t, step_t length, const double& factor) noexcept {
    const math::ieee f = factor, f_hi = math::head(f);
    return detail::quotient(detail::quotient(t, length), {f_hi, f - f_hi});
  }
  // With a = 1 + (growth - 1) t / steps, cycle c begins where a = growth^c. The logarithm gives
  // that cycle or one next to it.
  constexpr InCycle find_real(step_t t, step_t first) const noexcept {
    constexpr double nearly_one = 1 - 0x1p-40;
    const math::ieee more = growth - 1.0;
    const math::ieee a =
        1.0 + more * (static_cast<double>(t) / math::ieee(static_cast<double>(first)));
    const math::ieee cycles = math::ieee(math::log(static_cast<double>(a))) / math::log(growth);
    const auto about = static_cast<step_t>(static_cast<double>(cycles));
    step_t cycle = about == 0 ? 0 : about - 1;
    math::ieee x = (a / math::pow(growth, static_cast<double>(cycle)) - 1.0) / more;
    for (; static_cast<double>(x) > nearly_one; ++cycle) x = (x - 1.0) / growth;
    return {cycle, {static_cast<double>(x) < 0 ? 0.0 : x, 0.0}};
  }
};

}}  // namespace gradus::GRADUS_ABI
