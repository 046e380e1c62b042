#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/past.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Values from a table: one for each step.
///
///   rate(t) = values[t]; then, by `past`, the last value, the values back and forth, or all again
///
/// `Table{.values = std::array{0.1, 0.05, 0.01}}` owns its values, and so does a Table of a
/// std::vector. `Table{.values = std::span{rates}}` refers to your values, which must outlive it.
///
/// Domain: values >= 0, float or double, at least one, in a type with size() and []; all t. Within
///   [min, max] of the values.
/// Units: values are rates.
/// Cost: one load; one integer division for Past::mirror and Past::repeat.
/// Errors: no values; a value negative, NaN or infinite.
/// Source: -
/// Differs: holds the last value past the end. dlib uses the first value twice, and past the end
///   0.99 times the last value, as a signal to stop.
/// Example: Table{std::vector{0.1, 0.08, 0.03, 0.01}}
template <class V>
struct Table {
  static constexpr const char* name = "Table";
  static constexpr const char* fields = "values past=";
  V values = {};
  Past past = Past::hold;

  /// The type of the values.
  using value_type = std::remove_cvref_t<decltype(std::declval<const V&>()[0])>;
  static_assert(Real<value_type>, "a Table has values of type float or double");

  constexpr value_type operator()(step_t t) const noexcept {
    const step_t size = values.size();
    if (size == 0) return 0;
    const step_t at = past == Past::repeat ? t % size : detail::place(t, size - 1, past);
    return values[static_cast<std::size_t>(at)];
  }
  constexpr Fault check() const noexcept {
    if (values.size() == 0) return {name, "values", "must not be empty", 0};
    for (const value_type& value : values)
      if (const Fault fault = detail::check_rate(name, "values", value)) return fault;
    return detail::check_choice(name, "past", past);
  }
  /// Compares the values, not where they are stored.
  constexpr bool operator==(const Table& o) const noexcept {
    if (values.size() != o.values.size() || past != o.past) return false;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] != o.values[i]) return false;
    return true;
  }
};
template <class V>
Table(V) -> Table<V>;
template <class V>
Table(V, Past) -> Table<V>;

}}  // namespace gradus::GRADUS_ABI
