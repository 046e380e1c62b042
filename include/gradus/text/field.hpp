// optional header
// The fields of a schedule, rule or stage by name, as its type says in its member `fields`, and the
// walk over their values.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// A field: what it is called, and whether it can be left out or is what follows the schedule.
struct Field {
  std::string_view name{};
  enum class Kind { required, has_default, follows } kind = Kind::required;
};

/// The fields of a type, in the order of their declaration.
class Fields {
 public:
  static constexpr std::size_t most = 10;

  /// "steps" is a field that must be given, "end=" one that has a default, "schedule..." the
  /// schedule that follows after this schedule's own steps.
  constexpr explicit Fields(std::string_view text) noexcept {
    while (!text.empty()) {
      const std::string_view word = text.substr(0, text.find(' '));
      text.remove_prefix(word.size() < text.size() ? word.size() + 1 : word.size());
      Field field{word};
      if (word.ends_with('=')) field = {word.substr(0, word.size() - 1), Field::Kind::has_default};
      if (word.ends_with("...")) field = {word.substr(0, word.size() - 3), Field::Kind::follows};
      if (size_ < most) all_[size_] = field;
      ++size_;
    }
  }
  constexpr const Field* begin() const noexcept { return all_.data(); }
  constexpr const Field* end() const noexcept { return all_.data() + size_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr const Field& operator[](std::size_t i) const noexcept { return all_[i]; }

 private:
  std::array<Field, most> all_{};
  std::size_t size_ = 0;
};

namespace detail {

/// A type that names itself and its fields: `static constexpr const char* fields = "start end=";`.
template <class S>
concept NamesFields = requires {
  std::string_view(S::name);
  typename std::bool_constant<(std::string_view(S::fields).size() > 0)>;
};
template <class S>
consteval Fields fields_of() {
  if constexpr (NamesFields<S>) {
    return Fields(S::fields);
  } else {
    return Fields("");
  }
}

}  // namespace detail

/// All fields of a schedule, rule or stage S; none if it does not name them.
template <class S>
inline constexpr Fields fields = detail::fields_of<S>();
/// The names of the values of an enumeration, which count from 0: those that a function
/// `names_of_choices(E)` beside it returns, or that text/ adds.
template <class E>
inline constexpr std::array<std::string_view, 0> choices{};
template <class E>
  requires requires(E e) { names_of_choices(e); }
inline constexpr auto choices<E> = names_of_choices(E{});
/// The name of one of them; "?" where it has none, which a schedule's `check()` refuses.
template <class E>
constexpr std::string_view name_of_choice(E choice) noexcept {
  const auto i = static_cast<std::size_t>(choice);
  return i < choices<E>.size() ? choices<E>[i] : "?";
}
/// The number of fields that can be given without names: all up to the last that must be given.
constexpr std::size_t positions(const Fields& fields) noexcept {
  std::size_t count = fields.size();
  while (count > 0 && fields[count - 1].kind != Field::Kind::required) --count;
  return count;
}

/// f(value, value, ...) with the values of all fields of a schedule or rule. A type whose `fields`
/// does not name all of them does not compile.
template <class S, class F>
constexpr decltype(auto) apply_fields(S& schedule, const F& f) {
  constexpr std::size_t count = fields<std::remove_const_t<S>>.size();
  static_assert(count >= 1 && count <= Fields::most,
                "it must name its fields: static constexpr const char* fields = \"a b c\"");
  if constexpr (count == 1) {
    auto& [a] = schedule;
    return f(a);
  } else if constexpr (count == 2) {
    auto& [a, b] = schedule;
    return f(a, b);
  } else if constexpr (count == 3) {
    auto& [a, b, c] = schedule;
    return f(a, b, c);
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = schedule;
    return f(a, b, c, d);
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = schedule;
    return f(a, b, c, d, e);
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, g] = schedule;
    return f(a, b, c, d, e, g);
  } else if constexpr (count == 7) {
    auto& [a, b, c, d, e, g, h] = schedule;
    return f(a, b, c, d, e, g, h);
  } else if constexpr (count == 8) {
    auto& [a, b, c, d, e, g, h, i] = schedule;
    return f(a, b, c, d, e, g, h, i);
  } else if constexpr (count == 9) {
    auto& [a, b, c, d, e, g, h, i, j] = schedule;
    return f(a, b, c, d, e, g, h, i, j);
  } else {
    auto& [a, b, c, d, e, g, h, i, j, k] = schedule;
    return f(a, b, c, d, e, g, h, i, j, k);
  }
}
/// f(field, value) for every field of a schedule or rule.
template <class S, class F>
constexpr void each_field(S& schedule, const F& f) {
  const Field* field = fields<std::remove_const_t<S>>.begin();
  apply_fields(schedule, [&](auto&... value) { (f(*field++, value), ...); });
}

}}}  // namespace gradus::GRADUS_ABI::io
