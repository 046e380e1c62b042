#pragma once

#include <concepts>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule with a counterpart: `opposite(t, high, low)` falls from high to low while the rate
/// rises.
template <class S>
concept HasOpposite = Schedule<S> && requires(const S& s, step_t t, const double& x) {
  { s.opposite(t, x, x) } -> std::convertible_to<double>;
};

/// The momentum, or beta1, that falls while the rate of a Cyclical or a OneCycle rises.
///
///   value(t) = high - (high - low) * (rate(t) - lowest rate) / (peak rate - lowest rate)
///
/// Domain: 0 <= low <= high; all t. Within [low, high].
/// Units: high and low have the unit of the scheduled hyper-parameter.
/// Cost: that of the schedule.
/// Errors: low or high negative or not finite; low > high; the schedule's own fault.
/// Source: L. N. Smith, A disciplined approach to neural network hyper-parameters, 2018.
/// Differs: this is PyTorch's cycle_momentum. The defaults 0.95 and 0.85 are those of OneCycleLR;
///   CyclicLR has 0.9 and 0.8.
/// Example: Opposite{OneCycle{.peak = 0.1, .steps = 1'000}}
template <HasOpposite S>
struct Opposite {
  static constexpr const char* name = "Opposite";
  static constexpr const char* fields = "schedule high= low=";
  S schedule;
  double high = 0.95;
  double low = 0.85;

  constexpr double operator()(step_t t) const noexcept { return schedule.opposite(t, high, low); }
  constexpr Fault check() const noexcept {
    if (const Fault fault =
            detail::first_fault(detail::check_not_negative<double>(name, "high", high),
                                detail::check_not_negative<double>(name, "low", low)))
      return fault;
    if (low > high) return {name, "low", "must be <= high", low};
    return fault_of<double>(schedule);
  }
  bool operator==(const Opposite&) const = default;
};
template <class S, class... Momenta>
Opposite(S, Momenta...) -> Opposite<S>;

}}  // namespace gradus::GRADUS_ABI
