// The conditions that the hyper-parameters of schedules and rules share.
#pragma once

#include <gradus/error/fault.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/real.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// At most so large that sums and products with it have room in T.
template <class T>
constexpr Fault check_room(const char* type, const char* field, const double& value) noexcept {
  if (!math::is_finite(static_cast<T>(value)))
    return {type, field, "must be representable in the parameters' type", value};
  if ((value < 0 ? -value : value) > (sizeof(T) == 4 ? 0x1p100 : 0x1p1000))
    return {type, field,
            sizeof(T) == 4 ? "must be at most 2^100 for float" : "must be at most 2^1000", value};
  return {};
}
/// A factor of an average: in [0, 1).
template <class T>
constexpr Fault check_beta(const char* type, const char* field, const double& value) noexcept {
  if (!math::is_finite(value) || value < 0 || value >= 1)
    return {type, field, "must be in [0, 1)", value};
  if (static_cast<T>(value) >= 1)
    return {type, field, "must be below 1 in the parameters' type, too", value};
  return {};
}
/// A weight, a limit or a decay: finite and >= 0, in T as well.
template <class T>
constexpr Fault check_not_negative(const char* type, const char* field,
                                   const double& value) noexcept {
  if (!math::is_finite(value) || value < 0) return {type, field, "must be finite and >= 0", value};
  if (!math::is_finite(static_cast<T>(value)))
    return {type, field, "must be representable in the parameters' type", value};
  return {};
}
/// What is divided by: finite and > 0, in T as well.
template <class T>
constexpr Fault check_positive(const char* type, const char* field, const double& value) noexcept {
  if (!math::is_finite(value) || !(value > 0))
    return {type, field, "must be finite and > 0", value};
  if (!(static_cast<T>(value) > 0) || !math::is_finite(static_cast<T>(value)))
    return {type, field, "must be representable in the parameters' type", value};
  return {};
}
/// The same of a rule's field, with room in T for sums and products with it.
template <class T>
constexpr Fault check_weight(const char* type, const char* field, const double& value) noexcept {
  const Fault fault = check_not_negative<T>(type, field, value);
  return fault ? fault : check_room<T>(type, field, value);
}
template <class T>
constexpr Fault check_divisor(const char* type, const char* field, const double& value) noexcept {
  const Fault fault = check_positive<T>(type, field, value);
  return fault ? fault : check_room<T>(type, field, value);
}
/// What something does not exceed: > 0, infinite for no limit.
constexpr Fault check_limit(const char* type, const char* field, const double& value) noexcept {
  if (!math::is_above_zero(value)) return {type, field, "must be > 0", value};
  return {};
}
/// A factor that something grows by at most: >= 1, infinite for no limit.
constexpr Fault check_growth(const char* type, const char* field, const double& value) noexcept {
  if (!math::is_above_zero(value) || (math::is_finite(value) && value < 1))
    return {type, field, "must be >= 1", value};
  return {};
}
/// A factor that something falls by: in (0, 1].
constexpr Fault check_factor(const char* type, const char* field, const double& value) noexcept {
  if (!math::is_finite(value) || !(value > 0) || value > 1)
    return {type, field, "must be in (0, 1]", value};
  return {};
}
/// A share of a whole: in [0, 1].
constexpr Fault check_fraction(const char* type, const char* field, const double& value) noexcept {
  if (!math::is_finite(value) || value < 0 || value > 1)
    return {type, field, "must be in [0, 1]", value};
  return {};
}
/// What a rate does not fall below: in [0, start], for a valid start.
template <class T>
constexpr Fault check_floor(const char* type, const double& floor, const double& start) noexcept {
  if (const Fault fault = check_not_negative<T>(type, "floor", floor)) return fault;
  if (floor > start) return {type, "floor", "must be <= start", floor};
  return {};
}
/// A length that may be 0.
constexpr Fault check_length_or_0(const char* type, const char* field, Length length) noexcept {
  if (!length.is_given() || length.is_endless()) return {type, field, "must be given", 0, false};
  if (length.value < 0) return {type, field, "must be >= 0", static_cast<double>(length.value)};
  return {};
}
/// A length that is divided by.
constexpr Fault check_length(const char* type, const char* field, Length length) noexcept {
  if (length.is_count() && length.value > 0) return {};
  const Fault fault = check_length_or_0(type, field, length);
  if (fault && !fault.shows_value) return fault;
  return {type, field, "must be > 0", static_cast<double>(length.value)};
}
/// A choice: one of an enumeration's values, which count from 0. `rule` names them all.
template <class E>
constexpr Fault check_one_of(const char* type, const char* field, E choice, E last,
                             const char* rule) noexcept {
  const auto value = static_cast<int>(choice);
  if (value < 0 || value > static_cast<int>(last))
    return {type, field, rule, static_cast<double>(value)};
  return {};
}
constexpr Fault check_choice(const char* type, const char* field, NonFinite policy) noexcept {
  return check_one_of(type, field, policy, NonFinite::raise, "must be propagate, skip or raise");
}
/// A step, which the caller has given.
constexpr Fault check_step(const char* type, const char* field, Length step) noexcept {
  if (step.is_count()) return {};
  return {type, field, "must be in [0, 2^63)", static_cast<double>(step.value)};
}
/// The first of several faults.
template <class... F>
constexpr Fault first_fault(const Fault& fault, const F&... rest) noexcept {
  if constexpr (sizeof...(rest) == 0) {
    return fault;
  } else {
    return fault ? fault : first_fault(rest...);
  }
}

}}}  // namespace gradus::GRADUS_ABI::detail
