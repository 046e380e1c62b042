// The result of a step.
#pragma once

#include <span>

#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The result of a step, which makes one update or none:
///
///                                                              applied  frozen
///   The update was made.                                       true     false
///   It was skipped by `NonFinite::skip`, by
///     `StepOptions::skip`, or because an `Accumulator` left
///     out every micro-batch. Nothing has changed.              false    false
///   The group is frozen, so no update was due.                 false    true
struct StepResult {
  step_t t = 0;          ///< the update's index: the number of updates before this call
  double rate = 0;       ///< the schedule's rate times `factor`, even if there was no update
  bool applied = false;  ///< the update was made
  bool frozen = false;   ///< no update was due

  constexpr bool operator==(const StepResult&) const noexcept = default;
};

/// The result of a step of several optimizers.
struct GroupsResult {
  /// The result of each group, frozen or not. The groups own it; it is valid until their next step.
  std::span<const StepResult> groups;
  bool applied = false;  ///< the update of every group that is not frozen was made
  /// The norm of the gradients of all groups that are not frozen, before clipping. If a gradient is
  /// not finite, neither is the norm. It is NaN if it was not measured: without a ClipNorm, or in a
  /// step that was not applied.
  double norm = not_said;
  bool frozen = false;  ///< no update was due: every group is frozen, or there is no group
};

}}  // namespace gradus::GRADUS_ABI
