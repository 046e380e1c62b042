#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step decay: every `every` steps, the rate is multiplied by a factor.
///
///   rate(t) = max(start * factor^floor(t / every), floor)
///
/// Domain: 0 <= floor <= start, factor in (0, 1], every > 0; all t. Within [floor, start].
/// Units: start and floor are rates, every a number of steps.
/// Cost: one integer division and one power.
/// Errors: start negative or not finite; factor outside (0, 1]; every not given, 0 or negative;
///   floor negative, not finite or > start.
/// Source: A. Krizhevsky, I. Sutskever, G. Hinton, ImageNet classification with deep convolutional
///   networks, 2012.
/// Differs: the rate drops at t = every, 2 * every ... as in PyTorch's StepLR; libtorch's C++
///   StepLR drops one step later. For drops at other steps, see `MultiStep`.
/// Example: StepDecay{.start = 0.1, .every = 300, .factor = 0.4}
template <Real T = double>
struct StepDecay {
  static constexpr const char* name = "StepDecay";
  static constexpr const char* fields = "start every factor= floor=";
  real<T> start = 0;
  Length every = {};
  double factor = 0.1;
  real<T> floor = 0;

  constexpr T operator()(step_t t) const noexcept {
    const step_t drops = every.steps() == 0 ? 0 : t / every.steps();
    const T value = detail::times(start, math::pow(factor, static_cast<double>(drops)));
    return value < floor ? floor : value;
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(
        detail::check_rate(name, "start", start), detail::check_length(name, "every", every),
        detail::check_factor(name, "factor", factor),
        detail::check_floor<T>(name, static_cast<double>(floor), static_cast<double>(start)));
  }
  constexpr bool operator==(const StepDecay&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
