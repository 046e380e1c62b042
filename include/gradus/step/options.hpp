// The options of a step, and what a rule knows about it.
#pragma once

#include <gradus/math/bits.hpp>
#include <gradus/math/powers.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The value of a number that the caller has not given: NaN.
inline constexpr double not_said = math::quiet_nan<double>();

/// What a rule knows about the update that it makes.
struct Context {
  step_t t = 0;            ///< the update's index
  double rate = 0;         ///< the schedule's value at t, times the caller's factor
  double loss = not_said;  ///< `StepOptions::loss`
  double scale = 1;        ///< `StepOptions::scale`, with which the gradients are multiplied
  math::Powers* powers = nullptr;  ///< what an optimizer remembers of the powers of its last steps

  /// The number of the update, counted from 1, which bias corrections use.
  constexpr double n() const noexcept { return static_cast<double>(t) + 1.0; }
  /// beta^n.
  constexpr double power_n(double beta) const noexcept {
    return powers != nullptr ? (*powers)(beta, n()) : math::pow(beta, n());
  }
  /// 1 - beta^n.
  constexpr double one_minus_power_n(double beta) const noexcept {
    return powers != nullptr ? powers->one_minus(beta, n()) : math::one_minus_power(beta, n());
  }
};

/// What a step does about gradients that contain NaN or infinity. `propagate` checks nothing: a NaN
/// changes only its own parameter and state, and a norm or mean that it makes non-finite is
/// ignored. `skip` and `raise` first read all gradients, times `StepOptions::scale`. If one is not
/// finite, the step changes nothing and does not count; `skip` returns, and `raise` is an error.
enum class NonFinite { propagate, skip, raise };

/// Options of one step.
struct StepOptions {
  double scale = 1;   ///< multiplies every gradient, rounded to T: 1.0 / batch; -1 maximises
  double factor = 1;  ///< multiplies the schedule's rate, for example by `Plateau`
  /// Where the schedules are evaluated instead of at the step's index: for example the number of
  /// tokens or samples so far, if the schedules' lengths are in those. Bias corrections use the
  /// step's index all the same.
  Length position = {};
  double loss = not_said;  ///< the loss of these gradients, for rules that use it (`PolyakSGD`)
  /// Skips this update as `NonFinite::skip` does, but without reading the gradients: for a caller
  /// who knows already that they are not finite, for example from another process.
  bool skip = false;
};

}}  // namespace gradus::GRADUS_ABI
