// optional header
// The functions that return a composed schedule, for texts.
#pragma once

#include <array>

#include <gradus/error/check.hpp>
#include <gradus/schedule/flat_then_cosine.hpp>
#include <gradus/schedule/shape/curve.hpp>
#include <gradus/schedule/warmup_stable_decay.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/kind.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// `made()` is the result of the C++ function; the faults of `check()` name the arguments of the
/// function.
struct FlatThenCosine {
  static constexpr const char* name = "flat_then_cosine";
  static constexpr const char* fields = "rate flat steps end=";
  double rate = 0;
  Length flat = {};
  Length steps = {};
  double end = 0;

  constexpr auto made() const { return flat_then_cosine(rate, flat, steps, end); }
  constexpr Fault check() const noexcept {
    if (flat == Length(0) && steps == Length(0))
      return {name, "steps", "must be > 0 where flat is 0", 0};
    return gradus::detail::first_fault(
        gradus::detail::check_not_negative<double>(name, "rate", rate),
        gradus::detail::check_length_or_0(name, "flat", flat),
        gradus::detail::check_length_or_0(name, "steps", steps),
        gradus::detail::check_not_negative<double>(name, "end", end));
  }
};
struct WarmupStableDecay {
  static constexpr const char* name = "warmup_stable_decay";
  static constexpr const char* fields = "peak warmup stable decay end= curve=";
  double peak = 0;
  Length warmup = {};
  Length stable = {};
  Length decay = {};
  double end = 0;
  Curve curve = Curve::linear;

  constexpr auto made() const {
    return warmup_stable_decay(peak, warmup, stable, decay, end, curve);
  }
  constexpr Fault check() const noexcept {
    if (stable == Length(0) && decay == Length(0))
      return {name, "decay", "must be > 0 where stable is 0", 0};
    if (curve == Curve::geometric && !(end > 0))
      return {name, "end", "must be > 0 for the geometric curve", end};
    return gradus::detail::first_fault(
        gradus::detail::check_not_negative<double>(name, "peak", peak),
        gradus::detail::check_length_or_0(name, "warmup", warmup),
        gradus::detail::check_length_or_0(name, "stable", stable),
        gradus::detail::check_length_or_0(name, "decay", decay),
        gradus::detail::check_not_negative<double>(name, "end", end));
  }
};

/// A function by its name, what its arguments are, and what it returns.
struct Shorthand {
  const ScheduleKind* kind;
  AnySchedule (*made)(const void* arguments);
};
template <class F>
inline constexpr Shorthand shorthand_for{&kind_for<F>, [](const void* arguments) -> AnySchedule {
                                           static_assert(sizeof(F) <= room_for<Schedules<Child>>);
                                           return static_cast<const F*>(arguments)->made();
                                         }};
inline constexpr std::array shorthands{shorthand_for<FlatThenCosine>,
                                       shorthand_for<WarmupStableDecay>};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
