#pragma once

#include <concepts>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/concept/schedule.hpp>
#include <gradus/rule/combine/around.hpp>
#include <gradus/rule/combine/nesting.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A rule or stage some of whose fields follow schedules. Made by `vary`.
///
///   rule(t) = rule with field_k = schedule_k(t) for every k
///
/// Domain: whatever the rule takes, at every t; checked at each step, before anything is touched.
/// Units: as the field; t is `StepOptions::position` where that is said.
/// State: the rule's.
/// Traffic: the rule's.
/// Init: the rule's.
/// Cost: one evaluation of each schedule a step.
/// Errors: a schedule's own fault; at a step, a value that the rule refuses; at compile time, a
///   field of something else than the rule or stage itself.
/// Source: optax' inject_hyperparams has the idea.
/// Differs: a varied beta means what it means in PyTorch: the correction is 1 - (the current
///   beta)^n.
template <class R, class Schedules, auto... Fields>
struct Vary;

template <class R, Schedule... S, auto... Fields>
  requires(sizeof...(S) == sizeof...(Fields))
struct Vary<R, std::tuple<S...>, Fields...>
    : detail::Around<Vary<R, std::tuple<S...>, Fields...>, R> {
  static_assert(
      StoreNoParams<R> && HasFields<R, Fields...>,
      "gradus::vary takes fields of the rule or stage itself, several at once, and stands inside "
      "of all else: stored<bfloat16>(vary<&Adam::beta1>(Adam{}, schedule))");
  std::tuple<S...> schedules;

  constexpr Vary(R r, std::tuple<S...> s)
      : detail::Around<Vary, R>(std::move(r)), schedules(std::move(s)) {}
  /// The rule as it is at update t.
  constexpr auto at(step_t t) const {
    return [&]<std::size_t... K>(std::index_sequence<K...>) -> now_t<R> {
      R r = this->rule;
      ((r.*Fields = static_cast<double>(std::get<K>(schedules)(t))), ...);
      return rule_at(r, t);
    }(std::index_sequence_for<S...>{});
  }
  template <Real T, class... More>
  constexpr auto prepare(const Context& c, const More&... more) const
    requires Prepares<R, T, More...>
  {
    return at(c.t).template prepare<T>(c, more...);
  }
  template <Real T = double>
  constexpr Fault check() const {
    Fault fault;
    std::apply([&](const S&... s) { ((fault = fault ? fault : fault_of<T>(s)), ...); }, schedules);
    return fault ? fault : fault_of<T>(at(0));
  }
  // Not defaulted: g++ would define it at once, also where a schedule, say a lambda, has no ==.
  constexpr bool operator==(const Vary& o) const
    requires(std::equality_comparable<R> && (std::equality_comparable<S> && ...))
  {
    return this->rule == o.rule && schedules == o.schedules;
  }
};

/// `vary<&AdamW::weight_decay, &AdamW::beta1>(AdamW{}, s1, s2)`: the rule with these fields driven
/// by these schedules.
template <auto... Fields, class R, ScheduleArgument... S>
constexpr auto vary(R rule, S... schedules) {
  static_assert(sizeof...(S) == sizeof...(Fields) && sizeof...(S) > 0,
                "gradus::vary takes one schedule for each field: vary<&Adam::beta1, "
                "&Adam::beta2>(Adam{}, schedule1, schedule2)");
  return Vary<R, std::tuple<S...>, Fields...>(std::move(rule),
                                              std::tuple<S...>(std::move(schedules)...));
}

}}  // namespace gradus::GRADUS_ABI
