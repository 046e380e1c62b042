// A double whose arithmetic is that of IEEE 754, whatever the compiler's flags are.
#pragma once

#include <type_traits>

#include <gradus/config/pin.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

/// A double of which every operation rounds exactly once, to the nearest. The compiler never fuses,
/// regroups or replaces operations, so that a formula has the same bits at compile time and at run
/// time, at every -O level, with -march=native and with -Ofast.
///
///   const ieee w = ...;
///   return static_cast<double>(end + (start - end) * w);
///
/// Domain: every double; infinities and NaN behave as the target's arithmetic does.
/// Cost: the operation itself. Outside of constant expressions the compiler folds no known values.
/// Source: IEEE 754-2019, section 5.4.1.
struct ieee {
  constexpr ieee() noexcept = default;
  /// If x is a product of doubles, it is rounded here and cannot be fused with what follows.
  constexpr ieee(double x) noexcept : value_{pinned(x)} {}
  constexpr explicit operator double() const noexcept { return value_; }

  friend constexpr ieee operator+(ieee a, ieee b) noexcept { return a.value_ + b.value_; }
  friend constexpr ieee operator-(ieee a, ieee b) noexcept { return a.value_ - b.value_; }
  friend constexpr ieee operator*(ieee a, ieee b) noexcept { return a.value_ * b.value_; }
  friend constexpr ieee operator/(ieee a, ieee b) noexcept {
    if (!std::is_constant_evaluated()) GRADUS_PIN_SCALARS(a.value_, b.value_);
    return a.value_ / b.value_;
  }
  friend constexpr ieee operator-(ieee a) noexcept { return -a.value_; }
  friend constexpr ieee operator+(ieee a) noexcept { return a; }

 private:
  static constexpr double pinned(double x) noexcept {
    if (!std::is_constant_evaluated()) GRADUS_PIN_SCALAR(x);
    return x;
  }
  double value_ = 0;
};

}}}  // namespace gradus::GRADUS_ABI::math
