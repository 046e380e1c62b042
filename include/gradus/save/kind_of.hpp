// optional header
// The kind of a rule or schedule, which must be the same when state is loaded.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/concept/schedule.hpp>
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/save/only_doubles.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/describe.hpp>
#include <gradus/text/rule_choices.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Builds a name with the names of its parts in braces: "Chain{ClipNorm, Adam}".
class NestedName {
 public:
  explicit NestedName(std::string_view name) : text_(name) {}
  GRADUS_NOINLINE void add(std::string_view part) {
    if (part.empty()) return;
    text_.append(open_ ? ", " : "{").append(part);
    open_ = true;
  }
  std::string text() const { return concat({text_, open_ ? "}" : ""}); }

 private:
  std::string text_;
  bool open_ = false;
};

template <class S>
std::string schedule_kind(const S& schedule);

template <class V>
void add_schedules(NestedName&, const V&) {}
template <Schedule V>
void add_schedules(NestedName& kind, const V& schedule) {
  kind.add(schedule_kind(schedule));
}
template <class... V>
void add_schedules(NestedName& kind, const std::tuple<V...>& schedules) {
  std::apply([&](const V&... s) { (add_schedules(kind, s), ...); }, schedules);
}

template <class S>
std::string schedule_kind(const S& schedule) {
  if constexpr (fields<S>.size() != 0) {
    NestedName kind(name_of<S>);
    each_field(schedule, [&](const Field&, const auto& value) { add_schedules(kind, value); });
    return kind.text();
  } else if constexpr (DescribesItself<S>) {
    return schedule.kind();
  } else if constexpr (HasName<S>) {
    return S::name;
  } else {
    return "a function of the step";
  }
}

/// The name of a wrapper in settings, if it adds something to those of its rule.
template <class R>
inline constexpr std::string_view own_name{};
template <class R>
inline constexpr std::string_view own_name<Stochastic<R>> = "Stochastic";
template <class R, class S, auto... Fields>
inline constexpr std::string_view own_name<Vary<R, S, Fields...>> = "Vary";

/// What a wrapper adds to the settings of its rule: a seed, or the schedules of fields.
template <class R>
void add_own(NestedName&, const R&) {}
template <class R>
void add_own(NestedName& kind, const Stochastic<R>& rule) {
  kind.add(concat({"seed=", Digits(rule.seed)}));
}
template <class R, class... S, auto... Fields>
void add_own(NestedName& kind, const Vary<R, std::tuple<S...>, Fields...>& rule) {
  const auto name = [&](const void* where) {
    std::string_view r = "a field";
    if constexpr (fields<R>.size() != 0)
      each_field(rule.rule, [&](const Field& field, const auto& value) {
        if (static_cast<const void*>(&value) == where) r = field.name;
      });
    return r;
  };
  std::apply(
      [&](const S&... s) {
        (kind.add(concat({name(&(rule.rule.*Fields)), "=", describe(s).text()})), ...);
      },
      rule.schedules);
}

/// The kind of a rule; with `numbers`, also its fields and their values.
template <class R>
std::string rule_kind(const R& rule, bool numbers) {
  const std::string own(gradus::name_of<R>().view());
  NestedName kind(own);
  if constexpr (requires { std::tuple_size<decltype(rule.parts)>::value; }) {
    std::apply([&](const auto&... part) { (kind.add(rule_kind(part, numbers)), ...); }, rule.parts);
  } else if constexpr (requires { rule.rule; }) {
    const std::string inner = rule_kind(rule.rule, numbers);
    if (numbers && !own_name<R>.empty())
      kind = NestedName(own_name<R>);
    else if (gradus::name_of<std::remove_cvref_t<decltype(rule.rule)>>().view() == own)
      return inner;
    kind.add(inner);
    if (numbers) add_own(kind, rule);
  } else if constexpr (fields<R>.size() != 0) {
    Description all;
    std::string_view before;
    each_field(rule, [&](const Field& field, const auto& value) {
      describe_field(all, before, field.name, value);
    });
    if (numbers) kind.add(all.text());
  } else if constexpr (OnlyDoubles<R>) {
    const auto values = std::bit_cast<std::array<double, sizeof(R) / sizeof(double)>>(rule);
    for (const double& value : values) {
      if (numbers) kind.add(Digits(value));
    }
  }
  return kind.text();
}

}  // namespace detail

/// The name of a schedule with the names of the schedules in it: "Warmup{Cosine}".
///
/// Two schedules of one kind may differ in every number. The kind of a type of yours is its `name`;
/// all functions of the step are of one kind.
template <Schedule S>
std::string kind_of(const S& schedule) {
  return detail::schedule_kind(schedule);
}
/// The name of a rule with the names of its parts: "Chain{ClipNorm, AdamW, Ema}".
///
/// Wrappers that only change how numbers are computed or stored are not named: `vary`, `stored`,
/// `Stochastic`. A rule of yours without a `name` is "Rule".
template <class R>
  requires(!Schedule<R>)
std::string kind_of(const R& rule) {
  return detail::rule_kind(rule, false);
}
/// The same with all fields and their values, "Momentum{momentum=0.9}", and with the seed of a
/// `Stochastic` and the schedules of a `vary`. A rule of yours shows its fields too if it names
/// them, `static constexpr const char* fields = "momentum floor";`. Without names it shows them if
/// all are doubles, "Mine{0.9, 0.5}", and otherwise only its own name.
template <class R>
std::string settings_of(const R& rule) {
  return detail::rule_kind(rule, true);
}

}}}  // namespace gradus::GRADUS_ABI::io
