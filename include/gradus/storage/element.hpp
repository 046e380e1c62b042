// The types of elements that memory may hold, and the type that arithmetic uses for each.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <gradus/math/real.hpp>
#include <gradus/storage/bfloat16.hpp>
#include <gradus/storage/block8.hpp>
#include <gradus/storage/float16.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The types of 16 bits.
template <class S>
concept Half = std::same_as<S, bfloat16> || std::same_as<S, float16>;

/// The types of parameters and gradients, and of slots that are stored element by element.
template <class S>
concept Element = Real<S> || Half<S>;

/// The types that store many numbers together. Only slots may have one, because only a slot belongs
/// to the optimizer alone.
template <class S>
concept Blocked = std::derived_from<S, detail::Block8>;

/// The types of slots.
template <class S>
concept Storage = Element<S> || Blocked<S>;

/// The number of objects of type S that hold n elements.
template <Storage S>
constexpr std::size_t stored_count(std::size_t n) noexcept {
  if constexpr (Blocked<S>) {
    return n / S::size + (n % S::size != 0 ? 1 : 0);
  } else {
    return n;
  }
}

/// The type that arithmetic uses: float for halves, else the type itself.
template <Element S>
using arithmetic_t = std::conditional_t<Half<S>, float, S>;

}}  // namespace gradus::GRADUS_ABI
