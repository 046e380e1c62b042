// The start values of slots.
#pragma once

#include <cstddef>
#include <span>

#include <gradus/concept/slot.hpp>
#include <gradus/memory/caller.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Refuses a slot, the j-th, that cannot start as it should.
template <Storage S>
inline void check_start(const Caller& who, std::size_t j, const Slot& slot) {
  if (slot.from != Slot::From::constant && slot.from != Slot::From::params)
    refuse(who.about("slots") << " must start from constant or params (got slot " << j << ")");
  if (Blocked<S> && (slot.from == Slot::From::params || slot.value != 0))
    refuse(who.about("slots") << " must start at 0, not as copies of the parameters, where they "
                                 "are stored in blocks (got slot "
                              << j << ")");
}

/// Gives a slot its start value.
template <Storage S, Element P>
inline void start_slot(const Slot& slot, std::span<S> to, const P* params) noexcept {
  using T = arithmetic_t<P>;
  for (std::size_t i = 0; i < to.size(); ++i)
    if constexpr (Blocked<S>)
      to[i] = S{};
    else
      to[i] = static_cast<S>(static_cast<arithmetic_t<S>>(slot.from == Slot::From::params
                                                              ? static_cast<T>(params[i])
                                                              : static_cast<T>(slot.value)));
}

}}}  // namespace gradus::GRADUS_ABI::detail
