// On which step a boundary takes effect.
#pragma once

#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The first step after a boundary b: b - 1 (timm), b (PyTorch, optax, Caffe, MXNet) or b + 1
/// (Keras).
enum class Boundary { before, at, after };

namespace detail {

constexpr Fault check_choice(const char* type, const char* field, Boundary boundary) noexcept {
  return check_one_of(type, field, boundary, Boundary::after, "must be before, at or after");
}

/// Whether step t is past boundary b; b > 0.
constexpr bool is_past(step_t t, Length b, Boundary boundary) noexcept {
  switch (boundary) {
    case Boundary::before: return t >= b.steps() - 1;
    case Boundary::after: return t > b.steps();
    case Boundary::at: break;
  }
  return t >= b.steps();
}

/// Boundaries must ascend, and the first must be above 0.
template <class List>
constexpr Fault check_boundaries(const char* type, const List& boundaries) noexcept {
  Length last = 0;
  for (const Length& b : boundaries) {
    if (!b.is_given()) return {type, "boundaries", "must be given", 0, false};
    if (b.value <= last.value)
      return {type, "boundaries", "must be > 0 and ascending", static_cast<double>(b.value)};
    last = b;
  }
  return {};
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
