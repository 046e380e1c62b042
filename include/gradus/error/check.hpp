// The checks that the `check()` functions of schedules, rules and stages share. Each returns a
// fault if the value breaks the rule that its comment gives. Fields that are computed with as a
// type T must also obey the rule once they are rounded to T. Each is compiled once and not
// inlined: a check runs once for each object, and its copies would be most of a program's code.
#pragma once

#include <initializer_list>

#include <gradus/error/fault.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/real.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Finite in T.
template <class T>
GRADUS_NOINLINE constexpr Fault check_representable(const char* type, const char* field,
                                                    const double& value) noexcept {
  if (!math::is_finite(static_cast<T>(value)))
    return {type, field, "must be representable in the parameters' type", value};
  return {};
}
/// Finite in T, and small enough that sums and products with other fields do not overflow.
template <class T>
GRADUS_NOINLINE constexpr Fault check_room(const char* type, const char* field,
                                           const double& value) noexcept {
  if (const Fault fault = check_representable<T>(type, field, value)) return fault;
  if ((value < 0 ? -value : value) > (sizeof(T) == 4 ? 0x1p100 : 0x1p1000))
    return {type, field,
            sizeof(T) == 4 ? "must be at most 2^100 for float" : "must be at most 2^1000", value};
  return {};
}

/// Finite and >= 0.
template <class T>
GRADUS_NOINLINE constexpr Fault check_not_negative(const char* type, const char* field,
                                                   const double& value) noexcept {
  if (!math::is_finite(value) || value < 0) return {type, field, "must be finite and >= 0", value};
  return check_representable<T>(type, field, value);
}
/// Finite and > 0.
template <class T>
GRADUS_NOINLINE constexpr Fault check_positive(const char* type, const char* field,
                                               const double& value) noexcept {
  if (!math::is_finite(value) || !(value > 0))
    return {type, field, "must be finite and > 0", value};
  if (!(static_cast<T>(value) > 0))
    return {type, field, "must be representable in the parameters' type", value};
  return check_representable<T>(type, field, value);
}
/// A number that a rule multiplies by or adds: as `check_not_negative`, with room.
template <class T>
GRADUS_NOINLINE constexpr Fault check_weight(const char* type, const char* field,
                                             const double& value) noexcept {
  const Fault fault = check_not_negative<T>(type, field, value);
  return fault ? fault : check_room<T>(type, field, value);
}
/// A number that a rule divides by: as `check_positive`, with room.
template <class T>
GRADUS_NOINLINE constexpr Fault check_divisor(const char* type, const char* field,
                                              const double& value) noexcept {
  const Fault fault = check_positive<T>(type, field, value);
  return fault ? fault : check_room<T>(type, field, value);
}
/// The decay of a running average: in [0, 1).
template <class T>
GRADUS_NOINLINE constexpr Fault check_beta(const char* type, const char* field,
                                           const double& value) noexcept {
  if (!math::is_finite(value) || value < 0 || value >= 1)
    return {type, field, "must be in [0, 1)", value};
  if (static_cast<T>(value) >= 1)
    return {type, field, "must be below 1 in the parameters' type, too", value};
  return {};
}

/// A share of a whole: in [0, 1].
GRADUS_NOINLINE constexpr Fault check_fraction(const char* type, const char* field,
                                               const double& value) noexcept {
  if (!math::is_finite(value) || value < 0 || value > 1)
    return {type, field, "must be in [0, 1]", value};
  return {};
}
/// A factor that reduces something: in (0, 1].
GRADUS_NOINLINE constexpr Fault check_factor(const char* type, const char* field,
                                             const double& value) noexcept {
  if (!math::is_finite(value) || !(value > 0) || value > 1)
    return {type, field, "must be in (0, 1]", value};
  return {};
}
/// An upper limit: > 0, or infinite for none.
GRADUS_NOINLINE constexpr Fault check_limit(const char* type, const char* field,
                                            const double& value) noexcept {
  if (!math::is_above_zero(value)) return {type, field, "must be > 0", value};
  return {};
}
/// An upper limit of a factor that increases something: >= 1, or infinite for none.
GRADUS_NOINLINE constexpr Fault check_growth(const char* type, const char* field,
                                             const double& value) noexcept {
  if (!math::is_above_zero(value) || (math::is_finite(value) && value < 1))
    return {type, field, "must be >= 1", value};
  return {};
}
/// A lower limit of a rate that begins at a valid `start`: in [0, start].
template <class T>
GRADUS_NOINLINE constexpr Fault check_floor(const char* type, const double& floor,
                                            const double& start) noexcept {
  if (const Fault fault = check_not_negative<T>(type, "floor", floor)) return fault;
  if (floor > start) return {type, "floor", "must be <= start", floor};
  return {};
}

/// A length that is given, and not endless.
GRADUS_NOINLINE constexpr Fault check_given(const char* type, const char* field,
                                            Length length) noexcept {
  if (!length.is_given() || length.is_endless()) return {type, field, "must be given", 0, false};
  return {};
}
/// A length that may be 0.
GRADUS_NOINLINE constexpr Fault check_length_or_0(const char* type, const char* field,
                                                  Length length) noexcept {
  if (const Fault fault = check_given(type, field, length)) return fault;
  if (length.value < 0) return {type, field, "must be >= 0", static_cast<double>(length.value)};
  return {};
}
/// A length that must be > 0.
GRADUS_NOINLINE constexpr Fault check_length(const char* type, const char* field,
                                             Length length) noexcept {
  if (const Fault fault = check_given(type, field, length)) return fault;
  if (length.value <= 0) return {type, field, "must be > 0", static_cast<double>(length.value)};
  return {};
}
/// The index of a step.
GRADUS_NOINLINE constexpr Fault check_step(const char* type, const char* field,
                                           Length step) noexcept {
  if (step.is_count()) return {};
  return {type, field, "must be in [0, 2^63)", static_cast<double>(step.value)};
}

/// A whole number in [0, last]; `rule` says what these stand for.
GRADUS_NOINLINE constexpr Fault check_index(const char* type, const char* field, int value,
                                            int last, const char* rule) noexcept {
  if (value < 0 || value > last) return {type, field, rule, static_cast<double>(value)};
  return {};
}
/// A value of an enumeration whose values count from 0 to `last`. `rule` names them all.
template <class E>
constexpr Fault check_one_of(const char* type, const char* field, E choice, E last,
                             const char* rule) noexcept {
  return check_index(type, field, static_cast<int>(choice), static_cast<int>(last), rule);
}
constexpr Fault check_choice(const char* type, const char* field, NonFinite policy) noexcept {
  return check_one_of(type, field, policy, NonFinite::raise, "must be propagate, skip or raise");
}

GRADUS_NOINLINE constexpr Fault first_of(std::initializer_list<const Fault*> faults) noexcept {
  for (const Fault* const fault : faults)
    if (*fault) return *fault;
  return {};
}
/// The first fault of several checks.
template <class... F>
constexpr Fault first_fault(const F&... faults) noexcept {
  return first_of({&faults...});
}

}}}  // namespace gradus::GRADUS_ABI::detail
