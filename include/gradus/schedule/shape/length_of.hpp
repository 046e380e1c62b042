// The length of a schedule, if it has one.
#pragma once

#include <concepts>
#include <initializer_list>

#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule with a function `length()`: its number of steps, or `Length::endless()`.
template <class S>
concept SaysLength = requires(const S& s) {
  { s.length() } -> std::same_as<Length>;
};
/// A schedule whose field `steps` is its length. A schedule that holds another one needs
/// `length()`, because its `steps` may be those of a warmup or of an epoch.
template <class S>
concept HasSteps = requires(const S& s) {
  { s.steps } -> std::same_as<const Length&>;
} && !requires(const S& s) { s.schedule; };
template <class S>
concept HasLength = SaysLength<S> || HasSteps<S>;

/// The number of steps of a schedule. Past its end it is still defined; most hold their last value.
template <HasLength S>
constexpr Length length_of(const S& schedule) noexcept {
  if constexpr (SaysLength<S>) {
    return schedule.length();
  } else {
    return schedule.steps;
  }
}

namespace detail {

/// The length that was given, or else the schedule's own; not given if it has none.
template <class S>
constexpr Length length_or(const Length& given, const S& schedule) noexcept {
  if (given.is_given()) return given;
  if constexpr (HasLength<S>) {
    return length_of(schedule);
  } else {
    return {};
  }
}

/// Whether the length of a schedule is 0. A sequence answers that itself, because its first piece
/// often decides it.
template <class S>
constexpr bool takes_no_steps(const S& schedule) noexcept {
  if constexpr (requires {
                  { schedule.takes_no_steps() } -> std::same_as<bool>;
                }) {
    return schedule.takes_no_steps();
  } else if constexpr (HasLength<S>) {
    return length_of(schedule) == Length(0);
  } else {
    return false;
  }
}

/// The sum of lengths, at most last_step. The first that is not a number of steps (not given,
/// endless or negative) is the result.
constexpr Length added(std::initializer_list<Length> lengths) noexcept {
  step_t sum = 0;
  for (const Length& length : lengths) {
    if (!length.is_count()) return length;
    sum += length.steps();
    if (sum > last_step) sum = last_step;
  }
  return sum;
}
/// The longest of the lengths that end; endless if none does. The first that is not given or
/// negative is the result.
constexpr Length longest(std::initializer_list<Length> lengths) noexcept {
  Length r = Length::endless();
  for (const Length& length : lengths) {
    if (!length.is_count() && !length.is_endless()) return length;
    if (length.value > r.value) r = length;
  }
  return r;
}

struct ScaledSteps {
  step_t whole;
  bool exact;

  /// The result as a length, rounded up.
  constexpr Length length() const noexcept {
    return whole < last_step ? whole + (exact ? 0 : 1) : last_step;
  }
};
/// t * from / to, rounded down, for from and to in [1, 2^63). Exact; 2^64 - 1 if it is more than
/// that.
constexpr ScaledSteps scaled(step_t t, step_t from, step_t to) noexcept {
  if ((t | from) >> 32 == 0) return {t * from / to, t * from % to == 0};
  constexpr step_t all = ~step_t{0};
  const step_t turns = t / to, part = t % to;
  if (turns > all / from) return {all, false};
  step_t whole = 0, rest = 0;  // of part * from / to, one bit of `from` after another
  const auto carry = [&] {
    if (rest < to) return;
    rest -= to;
    ++whole;
  };
  for (int bit = 62; bit >= 0; --bit) {
    whole *= 2;
    rest *= 2;
    carry();
    if ((from >> bit & 1) == 0) continue;
    rest += part;
    carry();
  }
  const step_t sum = turns * from + whole;
  return sum < whole ? ScaledSteps{all, false} : ScaledSteps{sum, rest == 0};
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
