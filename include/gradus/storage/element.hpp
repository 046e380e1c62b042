// What an element of a span may be, and the type that is computed in.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <gradus/math/real.hpp>
#include <gradus/storage/bfloat16.hpp>
#include <gradus/storage/block8.hpp>
#include <gradus/storage/float16.hpp>

namespace gradus { inline namespace GRADUS_ABI {

template <class S>
concept Half = std::same_as<S, bfloat16> || std::same_as<S, float16>;

/// What parameters, gradients and slots may be stored as.
template <class S>
concept Element = Real<S> || Half<S>;

/// Many numbers that are stored together: for slots alone, whose elements are their own.
template <class S>
concept Blocked = std::derived_from<S, detail::Block8>;

/// What slots may be stored as.
template <class S>
concept Storage = Element<S> || Blocked<S>;

/// How many S hold n elements.
template <Storage S>
constexpr std::size_t stored_count(std::size_t n) noexcept {
  if constexpr (Blocked<S>) {
    return n / S::size + (n % S::size != 0 ? 1 : 0);
  } else {
    return n;
  }
}

/// The type that is computed in: float for halves, otherwise the parameters' own.
template <Element S>
using arithmetic_t = std::conditional_t<Half<S>, float, S>;

}}  // namespace gradus::GRADUS_ABI
