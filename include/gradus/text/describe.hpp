// optional header
// A schedule in one line, for a log.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concept/schedule.hpp>
#include <gradus/text/description.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/fields.hpp>
#include <gradus/text/value.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

template <class T>
concept HasName = requires {
  { T::name } -> std::convertible_to<std::string_view>;
};

/// A schedule chosen at run time, which shows the schedule that it is.
template <class S>
concept DescribesItself = requires(const S& s, Description& d) { s.describe_to(d); };

template <class V>
concept ListValue = requires(const V& v) { std::begin(v), std::end(v); };
/// A point of a table.
template <class V>
concept Located = requires(const V& v) { v.at, v.value; };

}  // namespace detail

/// A schedule of this library, whose fields have names.
template <class S>
concept Described = Schedule<S> && (fields<S>.size() != 0 || detail::DescribesItself<S>);

namespace detail {

template <class S>
void describe_schedule(Description& d, const S& schedule);

template <class V>
void describe_value(Description& d, const V& value) {
  if constexpr (std::same_as<V, bool>) {
    d << (value ? "true" : "false");
  } else if constexpr (std::is_arithmetic_v<V>) {
    d << Digits(value);
  } else if constexpr (std::same_as<V, Length>) {
    if (value.is_given())
      d << Digits(value.value);
    else
      d << "not given";
  } else if constexpr (ListValue<V>) {
    std::string_view before = "{";
    for (const auto& element : value) {
      d << std::exchange(before, ", ");
      describe_value(d, element);
    }
    d << "}";
  } else if constexpr (Located<V>) {
    describe_value(d << "{", value.at);
    describe_value(d << ", ", value.value);
    d << "}";
  } else if constexpr (std::is_enum_v<V>) {
    d << name_of_choice(value);
  } else if constexpr (std::same_as<V, Enumerator>) {
    d << value.name();
  } else {
    describe_schedule(d, value);
  }
}

/// "name=value", or for a tuple of schedules the schedules; nothing for an optional that is not
/// given. `before` separates it from the text before it.
template <class V>
GRADUS_NOINLINE void describe_field(Description& d, std::string_view& before, std::string_view name,
                                    const V& value) {
  d << std::exchange(before, ", ") << name << "=";
  describe_value(d, value);
}
template <class V>
void describe_field(Description& d, std::string_view& before, std::string_view name,
                    const std::optional<V>& value) {
  if (value) describe_field(d, before, name, *value);
}
template <class... V>
void describe_field(Description& d, std::string_view& before, std::string_view,
                    const std::tuple<V...>& values) {
  std::apply(
      [&](const V&... value) { (describe_value(d << std::exchange(before, ", "), value), ...); },
      values);
}

template <class V>
bool same(const V& a, const V& b) {
  if constexpr (std::equality_comparable<V> && !std::is_array_v<V>) {
    return a == b;
  } else {
    return false;
  }
}

/// The fields that differ from their defaults.
template <class S>
void describe_given(Description& d, const S& schedule) {
  const Field* field = fields<S>.begin();
  std::string_view before;
  const auto describe_if = [&](const auto& value, bool given) {
    if (given || field->kind != Field::Kind::has_default)
      describe_field(d, before, field->name, value);
    ++field;
  };
  apply_fields(schedule, [&](const auto&... value) {
    if constexpr (std::default_initializable<S>) {
      const S defaults{};
      apply_fields(defaults,
                   [&](const auto&... usual) { (describe_if(value, !same(value, usual)), ...); });
    } else {
      (describe_if(value, true), ...);
    }
  });
}

template <class S>
void describe_schedule(Description& d, const S& schedule) {
  if constexpr (fields<S>.size() != 0) {
    d << name_of<S> << "{";
    describe_given(d, schedule);
    d << "}";
  } else if constexpr (DescribesItself<S>) {
    schedule.describe_to(d);
  } else if constexpr (HasName<S>) {
    d << S::name << "{...}";
  } else {
    d << "a function of the step";
  }
}

}  // namespace detail

/// A schedule in one line: its type, and the fields that differ from their defaults, with the
/// shortest digits that identify each value.
///
///   describe(Cosine{.start = 0.1, .end = 1e-5, .steps = 100}).text()
///       Cosine{start=0.1, end=1e-05, steps=100}
///
/// A type of yours with a `name` is "name{...}", a lambda is "a function of the step". No
/// allocation. The same bytes on every platform.
template <Schedule S>
Description describe(const S& schedule) {
  Description d;
  detail::describe_schedule(d, schedule);
  return d;
}

}}}  // namespace gradus::GRADUS_ABI::io
