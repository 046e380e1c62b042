// What a step did.
#pragma once

#include <span>

#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// What a step did: one update, or none. The fields mean the same in every case.
///
///                                                              applied  frozen
///   the update was made                                        true     false
///   it was skipped: by `NonFinite::skip`, by
///     `StepOptions::skip`, or by an `Accumulator` that had
///     left out every micro-batch; nothing has changed          false    false
///   the group is frozen, so that no update was wanted          false    true
struct StepResult {
  step_t t = 0;          ///< the update's index: the updates that were applied before this call
  double rate = 0;       ///< the update's rate, made or not: the schedule's, times `factor`
  bool applied = false;  ///< the update was made
  bool frozen = false;   ///< none was wanted

  constexpr bool operator==(const StepResult&) const noexcept = default;
};

/// What a step of several optimizers did; `applied` and `frozen` as in `StepResult`.
struct GroupsResult {
  /// One for each group, frozen or not. Lies in the groups, until their next step.
  std::span<const StepResult> groups;
  bool applied = false;  ///< the update was made, of every group that is not frozen
  /// Of the gradients of all groups that are not frozen, before they were clipped; not finite where
  /// one is not. NaN where it was not measured: without a ClipNorm, or in a step that was not
  /// applied.
  double norm = not_said;
  bool frozen = false;  ///< none was wanted: every group is frozen, or there is none
};

}}  // namespace gradus::GRADUS_ABI
