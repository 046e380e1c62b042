#pragma once

#include <concepts>
#include <tuple>
#include <utility>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// How several values are combined.
enum class Fold { product, sum, minimum, maximum };

/// Several schedules at once: their values are combined at each step. These functions make it:
///
///   product(a, b, ...)   a(t) * b(t) * ...
///   sum(a, b, ...)       a(t) + b(t) + ...
///   minimum(a, b, ...)   the smallest of a(t), b(t), ...
///   maximum(a, b, ...)   the largest
///   scale(a, factor)     a(t) * factor
///
/// Domain: that of each schedule; all t. A product or a sum above the largest double is infinite,
///   and the optimizer refuses it at the step.
/// Units: in a product, one schedule has rates and the others have factors. The length is the
///   longest of the lengths that end.
/// Cost: one evaluation of each schedule. The operations go from left to right, each rounded.
/// Errors: the first schedule's fault; a factor that is negative or not finite.
/// Source: -
/// Differs: PyTorch's ChainedScheduler multiplies in place, so that the result can depend on the
///   order of the schedules. burn's average is `scale(sum(a, b), 0.5)`. NaN stays NaN.
/// Example: product(Linear{.start = 0.1, .steps = 1'000}, Cyclical{.low = 0.5, .high = 1,
///   .up = 50})
template <Fold F, ScheduleArgument... S>
  requires(sizeof...(S) > 0)
struct Pointwise {
  static constexpr const char* name = "Pointwise";
  static constexpr const char* fields = "schedules";
  static_assert(F >= Fold::product && F <= Fold::maximum,
                "a Pointwise takes a product, a sum, a minimum or a maximum");
  std::tuple<S...> schedules;

  constexpr double operator()(step_t t) const
      noexcept((noexcept(std::declval<const S&>()(step_t{})) && ...)) {
    return std::apply(
        [t](const auto& first, const auto&... rest) {
          double r = static_cast<double>(first(t));
          ((r = folded(r, static_cast<double>(rest(t)))), ...);
          return r;
        },
        schedules);
  }
  constexpr Length length() const noexcept
    requires(HasLength<S> || ...)
  {
    const auto known = [](const auto& s) {
      if constexpr (HasLength<decltype(s)>) return length_of(s);
      return Length::endless();
    };
    return std::apply([&](const S&... s) { return detail::longest({known(s)...}); }, schedules);
  }
  constexpr Fault check() const {
    Fault fault;
    std::apply([&](const S&... s) { ((fault = fault ? fault : fault_of<double>(s)), ...); },
               schedules);
    return fault;
  }
  constexpr bool operator==(const Pointwise& o) const  // not defaulted: see Vary
    requires(std::equality_comparable<S> && ...)
  {
    return schedules == o.schedules;
  }

 private:
  static constexpr double folded(double a, double b) noexcept {
    if (math::is_nan(a)) return a;  // looks at the bits: -Ofast assumes that there is no NaN
    if (math::is_nan(b)) return b;
    if constexpr (F == Fold::product) return static_cast<double>(math::ieee(a) * math::ieee(b));
    if constexpr (F == Fold::sum) return static_cast<double>(math::ieee(a) + math::ieee(b));
    if constexpr (F == Fold::minimum) return b < a ? b : a;
    if constexpr (F == Fold::maximum) return b > a ? b : a;
  }
};

template <Schedule... S>
constexpr Pointwise<Fold::product, S...> product(S... schedules) {
  return {{std::move(schedules)...}};
}
template <Schedule... S>
constexpr Pointwise<Fold::sum, S...> sum(S... schedules) {
  return {{std::move(schedules)...}};
}
template <Schedule... S>
constexpr Pointwise<Fold::minimum, S...> minimum(S... schedules) {
  return {{std::move(schedules)...}};
}
template <Schedule... S>
constexpr Pointwise<Fold::maximum, S...> maximum(S... schedules) {
  return {{std::move(schedules)...}};
}
template <Schedule S>
constexpr auto scale(S schedule, double factor) {
  return product(std::move(schedule), Constant<>{factor});
}

}}  // namespace gradus::GRADUS_ABI
