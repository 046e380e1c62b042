// The index of an update, and numbers of updates.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Index of an update, counted from 0: the number of updates applied before it. Only applied
/// updates count: accumulated micro-batches and refused updates do not. `Optimizer` owns the only
/// counter.
using step_t = std::uint64_t;

/// The last step there is; schedules are defined up to it and beyond, an optimizer stops there.
inline constexpr step_t last_step = (step_t{1} << 63) - 1;

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

}}  // namespace gradus::GRADUS_ABI
