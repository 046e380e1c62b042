// What a rule is told of an update, and whether that is allowed.
#pragma once

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/memory/caller.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Refuses a rate that is NaN, infinite, negative, or too large for T.
template <class T>
inline void check_rate(const Caller& who, const double& rate) {
  if (!math::is_finite(rate) || rate < 0 || !math::is_finite(static_cast<T>(rate)))
    who.refuse("rate", "must be finite, >= 0 and representable in the parameters' type", rate);
}

/// Refuses a step without a loss, for a rule that needs it.
template <class R>
inline void check_loss(const char* who, const double& loss) {
  if (traits<R>.needs_loss && !math::is_finite(loss))
    refuse({who, "loss", "must be given, and finite: the rule uses it", loss});
}

/// Where the schedules of an optimizer at update t are evaluated. Errors: a bad position.
inline step_t evaluated_at(step_t t, Length position) {
  if (!position.is_given()) return t;
  refuse_if(check_step("StepOptions", "position", position));
  return position.steps();
}

/// The factor that multiplies the gradients.
template <class T>
constexpr Fault check_scale(const char* who, const double& scale) noexcept {
  const T rounded = static_cast<T>(scale);
  if (!math::is_finite(rounded) || (rounded == 0 && scale != 0))
    return {who, "scale", "must be representable in the parameters' type", scale};
  return {};
}

/// Refuses options that no step takes, frozen or not.
template <class T>
inline void check_options(const StepOptions& options) {
  if (!math::is_finite(options.factor) || options.factor < 0)
    refuse({"StepOptions", "factor", "must be finite and >= 0", options.factor});
  refuse_if(check_scale<T>("StepOptions", options.scale));
}

/// The context of update t, where the schedule's rate is `base`. Errors: what is wrong with them.
template <class T>
inline Context context_of(const Caller& who, step_t t, const double& base,
                          const StepOptions& options, math::Powers& powers) {
  if (t >= last_step) who.refuse("step", "must be counted below 2^63 - 1", static_cast<double>(t));
  if (!math::is_finite(base) || base < 0)
    who.refuse("schedule", "must return a finite rate >= 0", base);
  check_options<T>(options);
  const Context context{t, base * options.factor, options.loss, options.scale, &powers};
  check_rate<T>(who, context.rate);
  return context;
}

}}}  // namespace gradus::GRADUS_ABI::detail
