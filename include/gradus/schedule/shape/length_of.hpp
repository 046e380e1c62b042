// How many steps a schedule takes, if it knows.
#pragma once

#include <concepts>
#include <initializer_list>

#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule that says how many steps it takes; `Length::endless()` if it never ends.
template <class S>
concept SaysLength = requires(const S& s) {
  { s.length() } -> std::same_as<Length>;
};
/// A schedule whose field `steps` is how many it takes. What holds another schedule has to say it
/// by itself: there `steps` may be those of a warmup or of an epoch.
template <class S>
concept HasSteps = requires(const S& s) {
  { s.steps } -> std::same_as<const Length&>;
} && !requires(const S& s) { s.schedule; };
template <class S>
concept HasLength = SaysLength<S> || HasSteps<S>;

/// How many steps a schedule takes. Past them it is still defined: mostly it holds its last value.
template <HasLength S>
constexpr Length length_of(const S& schedule) noexcept {
  if constexpr (SaysLength<S>) {
    return schedule.length();
  } else {
    return schedule.steps;
  }
}

namespace detail {

/// The length that was given, or else the schedule's own; not given if it knows none.
template <class S>
constexpr Length length_or(const Length& given, const S& schedule) noexcept {
  if (given.is_given()) return given;
  if constexpr (HasLength<S>) {
    return length_of(schedule);
  } else {
    return {};
  }
}

/// Whether a schedule takes no steps at all. A row of schedules says so by itself: its first piece
/// often answers for all.
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

/// One after another, never above the last step there is. What is no number of steps stays what it
/// is: not given, endless or negative.
constexpr Length added(std::initializer_list<Length> lengths) noexcept {
  step_t sum = 0;
  for (const Length& length : lengths) {
    if (!length.is_count()) return length;
    sum += length.steps();
    if (sum > last_step) sum = last_step;
  }
  return sum;
}
/// The longest of those that end; endless if none does. One that was not given or is negative
/// stays what it is.
constexpr Length longest(std::initializer_list<Length> lengths) noexcept {
  Length r = Length::endless();
  for (const Length& length : lengths) {
    if (!length.is_count() && !length.is_endless()) return length;
    if (length.value > r.value) r = length;
  }
  return r;
}

struct Quotient {
  step_t whole;
  bool exact;

  /// As a length, rounded up.
  constexpr Length length() const noexcept {
    return whole < last_step ? whole + (exact ? 0 : 1) : last_step;
  }
};
/// t * from / to, rounded down, for from and to in [1, 2^63): with every digit, and 2^64 - 1 where
/// it is more than that.
constexpr Quotient scaled(step_t t, step_t from, step_t to) noexcept {
  if ((t | from) >> 32 == 0) return {t * from / to, t * from % to == 0};
  constexpr step_t all = ~step_t{0};
  const step_t turns = t / to, part = t % to;
  if (turns > all / from) return {all, false};
  step_t whole = 0, rest = 0;  // of part * from, one bit of `from` after another
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
  return sum < whole ? Quotient{all, false} : Quotient{sum, rest == 0};
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
