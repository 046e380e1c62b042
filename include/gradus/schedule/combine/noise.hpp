#pragma once

#include <cstdint>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/math/random_bits.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The distribution of the noise: see `Noise`.
enum class Spread { uniform, normal, power };

/// A schedule with noise that depends only on the seed and the step: the same in every run, in any
/// order and on every machine.
///
///   rate(t) = schedule(t) * (1 + x),  x random in (-amount, amount), drawn every `every` steps
///   uniform   x uniform
///   normal    x normal with standard deviation 1, truncated at +-amount
///   power     x = amount * (u^power - 1), u uniform in (0, 1): never above the schedule
///
/// Domain: amount in [0, 1], every > 0, power > 0; all t. Between the schedule's value times 1 -
///   amount and times 1 + amount; a rate above the largest double is infinite, and the optimizer
///   refuses it at the step.
/// Units: amount is a fraction of the rate, every a number of steps, by default 1.
/// Cost: one evaluation and three rounds of a 64-bit hash; normal: on average at most 1.7 times two
///   hashes and an exponential; power: a power.
/// Errors: amount outside [0, 1]; every = 0 or negative; power not finite or <= 0; the schedule's
///   own fault.
/// Source: timm's noise_pct, which is Spread::normal; darknet's random policy, which is
///   Spread::power with amount = 1.
/// Differs: the random numbers are not theirs. Noise from some step on (timm's noise_range_t) is
///   product(schedule, Sequence{For{begin, Constant{1}}, Noise{Constant{1}, 0.67}}).
/// Example: Noise{.schedule = Cosine{.start = 0.1, .steps = 1'000}, .amount = 0.3, .every = 20}
template <ScheduleArgument S>
struct Noise {
  static constexpr const char* name = "Noise";
  static constexpr const char* fields = "schedule amount seed= every= spread= power=";
  S schedule;
  double amount = 0;
  std::uint64_t seed = 0;
  Length every = 1;
  Spread spread = Spread::uniform;
  double power = 1;

  constexpr double operator()(step_t t) const noexcept(noexcept(schedule(t))) {
    const step_t held = every.steps() == 0 ? 1 : every.steps();
    const math::ieee rate = static_cast<double>(schedule(t));
    return static_cast<double>(rate * (1.0 + math::ieee(noise(t / held))));
  }
  constexpr Length length() const noexcept
    requires HasLength<S>
  {
    return length_of(schedule);
  }
  constexpr Fault check() const {
    if (!math::is_finite(amount) || amount < 0 || amount > 1)
      return {name, "amount", "must be in [0, 1]", amount};
    return detail::first_fault(detail::check_length(name, "every", every),
                               detail::check_one_of(name, "spread", spread, Spread::power,
                                                    "must be uniform, normal or power"),
                               detail::check_positive<double>(name, "power", power),
                               fault_of<double>(schedule));
  }
  bool operator==(const Noise&) const = default;

 private:
  // The n-th number of the k-th draw, uniform in (0, 1): (i + 1/2) / 2^52.
  constexpr math::ieee uniform(step_t k, std::uint64_t n) const noexcept {
    const RandomKey key(seed, k, n);
    const std::uint64_t i = (std::uint64_t{key.b} << 20) | (key.a >> 12);
    return (math::ieee(static_cast<double>(i)) + 0.5) * 0x1p-52;
  }
  constexpr double noise(step_t k) const noexcept {
    if (spread == Spread::power) {
      const double u = static_cast<double>(uniform(k, 0));
      return static_cast<double>(amount * (math::ieee(math::pow(u, power)) - 1.0));
    }
    math::ieee x = amount * (2.0 * uniform(k, 0) - 1.0);
    if (spread == Spread::uniform) return static_cast<double>(x);
    // By rejection; the probability of 64 rejections in a row is below 10^-25.
    for (std::uint64_t n = 0; n < 64; ++n) {
      const double density = math::exp(static_cast<double>(-0.5 * (x * x)));
      if (static_cast<double>(uniform(k, 2 * n + 1)) < density) break;
      x = amount * (2.0 * uniform(k, 2 * n + 2) - 1.0);
    }
    return static_cast<double>(x);
  }
};
template <class S, class... Fields>
Noise(S, Fields...) -> Noise<S>;

}}  // namespace gradus::GRADUS_ABI
