// optional header
// The schedules that an `AnySchedule` can be, and the types in which it keeps them.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/text/fields.hpp>
#include <gradus/text/kind.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

class AnySchedule;

namespace detail {

/// The index of the alternative for a schedule, whose inner schedules may be known ones or
/// AnySchedules; the number of alternatives if there is none.
template <class S>
consteval std::size_t place_of();
inline constexpr std::size_t schedule_count = std::tuple_size_v<Schedules<Child>>;

/// Whether it consists of any number of schedules, all known.
template <class S>
inline constexpr bool is_known_row = false;

}  // namespace detail

/// A schedule that an `AnySchedule` can be: one of this library, of double, with only such
/// schedules in it.
template <class S>
concept Known = detail::is_known_row<S> ||
                (fields<S>.size() != 0 && detail::place_of<S>() < detail::schedule_count);

namespace detail {

/// The type that a field is kept as: a vector for a list.
template <class V>
struct kept {
  using type = V;
};
template <class E, std::size_t N>
struct kept<E[N]> {
  using type = std::vector<E>;
};
template <class E, std::size_t N>
struct kept<std::array<E, N>> {
  using type = std::vector<E>;
};
template <class E, std::size_t N>
struct kept<std::span<E, N>> {
  using type = std::vector<std::remove_const_t<E>>;
};

template <class V>
inline constexpr bool is_schedule = Known<V> || std::same_as<V, AnySchedule>;
template <class... S>
inline constexpr bool is_known_row<Sequence<S...>> = (is_schedule<S> && ...);
template <Fold F, class... S>
inline constexpr bool is_known_row<Pointwise<F, S...>> = (is_schedule<S> && ...);

template <class V>
using lowered_t = std::conditional_t<is_schedule<V>, Child, typename kept<V>::type>;

template <class... V>
std::tuple<lowered_t<std::remove_cvref_t<V>>...> lowered_fields(const std::tuple<V...>&);
template <class S>
using lowered_fields_t = decltype(lowered_fields(values_of(std::declval<const S&>())));

template <class A, class S>
consteval bool stands_for() {
  if (std::string_view(A::name) != std::string_view(S::name)) return false;
  return std::same_as<lowered_fields_t<A>, lowered_fields_t<S>>;
}
template <class S>
consteval std::size_t place_of() {
  return []<class... A>(std::type_identity<std::tuple<A...>>) {
    std::size_t place = 0;
    static_cast<void>(((stands_for<A, S>() || (++place, false)) || ...));
    return place;
  }(std::type_identity<Schedules<Child>>());
}

}  // namespace detail

}}}  // namespace gradus::GRADUS_ABI::io
