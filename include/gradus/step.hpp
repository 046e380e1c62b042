// The step: which update is it, and what it is told.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include <gradus/fault.hpp>

namespace gradus::inline GRADUS_ABI {

/// Index of an update, counted from 0: the number of updates applied before it. Only applied
/// updates count: accumulated micro-batches and refused updates do not. `Optimizer` owns the only
/// counter.
using step_t = std::uint64_t;

/// The last step there is; schedules are defined up to it and beyond, an optimizer stops there.
inline constexpr step_t last_step = (step_t{1} << 63) - 1;

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

/// A number of steps: converts from any integer; `{}` is one that was not given. Whoever holds it
/// refuses in `check()` one that it needs and was not given, and a negative one.
///
/// An unsigned number that has wrapped round is read as the negative number that was meant: of 64
/// bits from 2^63 on, of 32 bits from 2^32 - 2^20 on, so that counts up to 4,293,918,719 remain.
/// Where std::size_t has 32 bits, one of 32 bits is negative from 2^31 on.
struct Length {
  std::int64_t value = not_given;

  constexpr Length() noexcept = default;
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  constexpr Length(I steps) noexcept : value(kept(steps)) {}  // NOLINT: implicit

  /// The length of what has no end.
  static constexpr Length endless() noexcept {
    Length r;
    r.value = without_end;
    return r;
  }
  constexpr bool is_given() const noexcept { return value != not_given; }
  constexpr bool is_endless() const noexcept { return value == without_end; }
  /// Whether it is a number of steps: given, with an end, and not negative.
  constexpr bool is_count() const noexcept { return value >= 0; }

  /// As a step count; 0 if it is none, so that evaluating an unchecked schedule stays defined.
  constexpr step_t steps() const noexcept { return value > 0 ? static_cast<step_t>(value) : 0; }
  constexpr bool operator==(const Length&) const noexcept = default;

  /// The most negative number of steps.
  static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min() + 2;

 private:
  static constexpr std::int64_t not_given = lowest - 2, without_end = lowest - 1;

  template <class I>
  static constexpr std::int64_t kept(I steps) noexcept {
    const auto number = static_cast<std::int64_t>(steps);  // of 64 bits: modulo 2^64
    if constexpr (std::unsigned_integral<I> && sizeof(I) == 4) {
      constexpr std::int64_t all = std::int64_t{1} << 32;
      constexpr std::int64_t wrapped = sizeof(std::size_t) <= 4 ? all / 2 : all - (1 << 20);
      return number < wrapped ? number : number - all;
    } else {
      return number < lowest ? lowest : number;
    }
  }
};

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

/// The types a schedule can be made of.
template <class T>
concept Real = std::same_as<T, float> || std::same_as<T, double>;

/// A field of a schedule's real type that takes no part in deduction: `Cosine{.start = 1}` is a
/// `Cosine<double>`.
template <Real T>
using real = std::type_identity_t<T>;

}  // namespace gradus::inline GRADUS_ABI
