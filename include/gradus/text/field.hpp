// optional header
// The fields of a schedule, rule or stage by name, as its type says in its member `fields`.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// A field: what it is called, and whether it can be left out or is what follows the schedule.
struct Field {
  std::string_view name{};
  enum class Kind { required, has_default, follows } kind = Kind::required;
};

namespace detail {

/// "steps" is a field that must be given, "end=" one that has a default, "schedule..." the schedule
/// that follows after this schedule's own steps.
constexpr Field field(std::string_view name) noexcept {
  if (name.ends_with('=')) return {name.substr(0, name.size() - 1), Field::Kind::has_default};
  if (name.ends_with("...")) return {name.substr(0, name.size() - 3), Field::Kind::follows};
  return {name};
}
template <class... Names>
consteval std::array<Field, sizeof...(Names)> table(Names... names) {
  return {field(names)...};
}

/// A type that names itself and its fields: `static constexpr const char* fields = "start end=";`.
template <class S>
concept NamesFields = requires {
  std::string_view(S::name);
  typename std::bool_constant<(std::string_view(S::fields).size() > 0)>;
};

template <class S>
consteval auto own_fields() {
  if constexpr (NamesFields<S>) {
    constexpr auto count = [] {
      std::size_t n = 1;
      for (const char c : std::string_view(S::fields)) n += c == ' ' ? 1 : 0;
      return n;
    }();
    std::array<Field, count> r;
    std::string_view rest = S::fields;
    for (Field& each : r) {
      const std::size_t end = rest.find(' ') < rest.size() ? rest.find(' ') : rest.size();
      each = field(rest.substr(0, end));
      rest.remove_prefix(end < rest.size() ? end + 1 : end);
    }
    return r;
  } else {
    return std::array<Field, 0>{};
  }
}

}  // namespace detail

/// All fields of a schedule, rule or stage S, in the order of their declaration.
template <class S>
inline constexpr auto fields = detail::own_fields<S>();
/// The names of the values of an enumeration, which count from 0.
template <class E>
inline constexpr std::array<std::string_view, 0> choices{};
/// The name of one of them; "?" where it has none, which a schedule's `check()` refuses.
template <class E>
constexpr std::string_view name_of_choice(E choice) noexcept {
  const auto i = static_cast<std::size_t>(choice);
  return i < choices<E>.size() ? choices<E>[i] : "?";
}
/// The number of fields that can be given without names: all up to the last that must be given.
constexpr std::size_t positions(std::span<const Field> fields) noexcept {
  std::size_t count = fields.size();
  while (count > 0 && fields[count - 1].kind != Field::Kind::required) --count;
  return count;
}
/// References to the fields of a schedule or rule, in the order of the table. A table that does not
/// have all of them does not compile.
template <class S>
constexpr auto values_of(S& schedule) noexcept {
  constexpr std::size_t count = fields<std::remove_const_t<S>>.size();
  static_assert(count >= 1 && count <= 10,
                "it must name its fields: static constexpr const char* fields = \"a b c\"");
  if constexpr (count == 1) {
    auto& [a] = schedule;
    return std::tie(a);
  } else if constexpr (count == 2) {
    auto& [a, b] = schedule;
    return std::tie(a, b);
  } else if constexpr (count == 3) {
    auto& [a, b, c] = schedule;
    return std::tie(a, b, c);
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = schedule;
    return std::tie(a, b, c, d);
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = schedule;
    return std::tie(a, b, c, d, e);
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, f] = schedule;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (count == 7) {
    auto& [a, b, c, d, e, f, g] = schedule;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (count == 8) {
    auto& [a, b, c, d, e, f, g, h] = schedule;
    return std::tie(a, b, c, d, e, f, g, h);
  } else if constexpr (count == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = schedule;
    return std::tie(a, b, c, d, e, f, g, h, i);
  } else {
    auto& [a, b, c, d, e, f, g, h, i, j] = schedule;
    return std::tie(a, b, c, d, e, f, g, h, i, j);
  }
}

/// f(field, value) for every field of a schedule or rule.
template <class S, class F>
constexpr void each_field(S& schedule, const F& f) {
  constexpr auto& table = fields<std::remove_const_t<S>>;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto values = values_of(schedule);
    (f(table[I], std::get<I>(values)), ...);
  }(std::make_index_sequence<table.size()>());
}

}}}  // namespace gradus::GRADUS_ABI::io
