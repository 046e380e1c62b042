// `step_t`, the index of an update, and `Length`, a number of updates.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The index of an update, counted from 0: the number of updates that were applied before it.
/// Accumulated micro-batches and refused updates do not count. `Optimizer` owns the only counter.
using step_t = std::uint64_t;

/// No update has this index or a higher one. Schedules are defined beyond it as well.
inline constexpr step_t last_step = (step_t{1} << 63) - 1;

/// A number of steps. Every integer converts to it; `{}` is a length that was not given. The
/// `check()` of a schedule or rule refuses a negative length, and one that it needs but was not
/// given.
///
/// An unsigned difference such as `steps - warmup` wraps round where it should be negative, and is
/// read as the negative number. This applies to 64-bit numbers from 2^63 on, and to 32-bit numbers
/// from 2^32 - 2^20 on, so that counts up to 4,293,918,719 remain. Where std::size_t has 32 bits,
/// it applies to 32-bit numbers from 2^31 on.
struct Length {
  std::int64_t value = not_given;

  constexpr Length() noexcept = default;
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  constexpr Length(I steps) noexcept : value(kept(steps)) {}  // NOLINT: implicit

  /// The length of a schedule that never ends.
  static constexpr Length endless() noexcept {
    Length r;
    r.value = without_end;
    return r;
  }
  constexpr bool is_given() const noexcept { return value != not_given; }
  constexpr bool is_endless() const noexcept { return value == without_end; }
  /// Whether this is a number of steps: it is given, it is not endless, and it is not negative.
  constexpr bool is_count() const noexcept { return value >= 0; }

  /// The number of steps, or 0 if this is none; so a schedule that was not checked can be
  /// evaluated.
  constexpr step_t steps() const noexcept { return value > 0 ? static_cast<step_t>(value) : 0; }
  constexpr bool operator==(const Length&) const noexcept = default;

  /// The most negative number that a length can hold.
  static constexpr std::int64_t lowest = INT64_MIN + 2;

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
