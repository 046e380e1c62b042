// What a step is told, and what a rule is told of it.
#pragma once

#include <limits>
#include <optional>

#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A number that the caller has not given.
inline constexpr double not_said = std::numeric_limits<double>::quiet_NaN();

/// What a rule is told of the update it is about to make.
struct Context {
  step_t t = 0;            ///< the update's index
  double rate = 0;         ///< the schedule's value at t, times the caller's factor
  double loss = not_said;  ///< `StepOptions::loss`

  /// The update's number, counted from 1, as bias corrections want it.
  constexpr double n() const noexcept { return static_cast<double>(t) + 1.0; }
};

/// What to do with gradients that hold NaN or infinity: `propagate` looks at nothing, and touches
/// that element alone; `skip` and `raise` read the gradients once more, and refuse the whole step,
/// which then changes nothing and is not counted.
enum class NonFinite { propagate, skip, raise };

/// What can be said of one step.
struct StepOptions {
  double scale = 1;   ///< multiplies every gradient, rounded to T: 1.0 / batch; -1 to maximise
  double factor = 1;  ///< multiplies the schedule's rate: what a plateau, or a hand, wants
  /// Where the schedules are evaluated, if not at the step: the tokens or samples seen, say, which
  /// their lengths are then in. Bias corrections go by the step all the same.
  Length position = {};
  double loss = not_said;  ///< that the gradients are of: for a rule that goes by it (`PolyakSGD`)
  /// Skip this update as `NonFinite::skip` does, without a look at the gradients: where it is known
  /// by other means that they are not finite, from another process, say.
  bool skip = false;
};

}}  // namespace gradus::GRADUS_ABI
