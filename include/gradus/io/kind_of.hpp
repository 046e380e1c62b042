// optional header
// What a rule or schedule is, without its numbers: what must be the same when state is loaded.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concepts.hpp>
#include <gradus/io/describe.hpp>
#include <gradus/io/only_doubles.hpp>

namespace gradus::inline GRADUS_ABI::io {

namespace detail {

/// The parts of a whole, one after another in braces.
class Kind {
 public:
  explicit Kind(std::string_view name) : text_(name) {}
  void add(std::string_view part) {
    if (part.empty()) return;
    text_ += open_ ? ", " : "{";
    text_ += part;
    open_ = true;
  }
  std::string text() const { return open_ ? text_ + "}" : text_; }

 private:
  std::string text_;
  bool open_ = false;
};

template <class S>
std::string schedule_kind(const S& schedule);

template <class V>
void add_schedules(Kind&, const V&) {}
template <Schedule V>
void add_schedules(Kind& kind, const V& schedule) {
  kind.add(schedule_kind(schedule));
}
template <class... V>
void add_schedules(Kind& kind, const std::tuple<V...>& schedules) {
  std::apply([&](const V&... s) { (add_schedules(kind, s), ...); }, schedules);
}

template <class S>
std::string schedule_kind(const S& schedule) {
  if constexpr (fields<S>.size() != 0) {
    Kind kind(name_of<S>);
    each_field(schedule, [&](const Field&, const auto& value) { add_schedules(kind, value); });
    return kind.text();
  } else if constexpr (Visitable<S>) {
    std::string r;
    schedule.visit([&](const auto& s) { r = schedule_kind(s); });
    return r;
  } else if constexpr (HasName<S>) {
    return S::name;
  } else {
    return "a function of the step";
  }
}

/// With its numbers, if `numbers` and if it consists of numbers alone.
template <class R>
std::string rule_kind(const R& rule, bool numbers) {
  const std::string own(gradus::name_of<R>().view());
  Kind kind(own);
  if constexpr (requires { std::tuple_size<decltype(rule.parts)>::value; }) {
    std::apply([&](const auto&... part) { (kind.add(rule_kind(part, numbers)), ...); }, rule.parts);
  } else if constexpr (requires { rule.rule; }) {
    const std::string inner = rule_kind(rule.rule, numbers);
    if (gradus::name_of<std::remove_cvref_t<decltype(rule.rule)>>().view() == own) return inner;
    kind.add(inner);
  } else if constexpr (OnlyDoubles<R>) {
    const auto values = std::bit_cast<std::array<double, sizeof(R) / sizeof(double)>>(rule);
    for (const double& value : values) {
      Description digits;
      describe_number(digits, value);
      if (numbers) kind.add(digits.text());
    }
  }
  return kind.text();
}

}  // namespace detail

/// The names of a schedule and of those that it is made of: "Warmup{Cosine}".
///
/// Two schedules of one kind may differ in every number. A type of yours counts by its `name`;
/// functions of the step all count as one kind.
template <Schedule S>
std::string kind_of(const S& schedule) {
  return detail::schedule_kind(schedule);
}
/// The names of a rule and of its parts: "Chain{ClipNorm, AdamW, Ema}".
///
/// What only changes how numbers come about or are stored has no name here: `vary`, `stored`,
/// `Stochastic`; nor has a rule of yours without a `name`, which is "Rule".
template <class R>
  requires(!Schedule<R>)
std::string kind_of(const R& rule) {
  return detail::rule_kind(rule, false);
}
/// The same with the rules' numbers, in the order of their fields: "Adam{0.9, 0.999, 1e-08}". To be
/// read, not compared: a rule with fields other than numbers shows none.
template <class R>
std::string settings_of(const R& rule) {
  return detail::rule_kind(rule, true);
}

}  // namespace gradus::inline GRADUS_ABI::io
