// optional header
// Types that consist of doubles only.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

struct AnyDouble {
  template <std::same_as<double> T>
  operator T() const;  // NOLINT: implicit
};
template <class X, std::size_t... I>
constexpr bool is_made_of(std::index_sequence<I...>) {
  return requires { X{(static_cast<void>(I), AnyDouble{})...}; };
}
/// An aggregate of doubles, and of arrays of them.
template <class X>
concept OnlyDoubles = std::is_aggregate_v<X> && std::is_trivially_copyable_v<X> &&
                      !std::is_empty_v<X> && sizeof(X) % sizeof(double) == 0 &&
                      is_made_of<X>(std::make_index_sequence<sizeof(X) / sizeof(double)>{});

}}}}  // namespace gradus::GRADUS_ABI::io::detail
