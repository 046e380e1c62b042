// What the two types of 16 bits share.
#pragma once

#include <bit>
#include <cstdint>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// 16 bits that stand for a number. The format S says how: `S::narrow` turns the bits of a float
/// into 16 bits, and `S::widen` turns them back.
template <class S>
struct Bits16 {
  std::uint16_t bits = 0;

  constexpr Bits16() noexcept = default;
  constexpr explicit Bits16(const float& x) noexcept {
    auto word = std::bit_cast<std::uint32_t>(x);
    S::template narrow<float>(word);
    bits = static_cast<std::uint16_t>(word);
  }
  constexpr explicit operator float() const noexcept {
    std::uint32_t word = bits;
    S::template widen<float>(word);
    return std::bit_cast<float>(word);
  }
  constexpr bool operator==(const Bits16&) const noexcept = default;
};

}}}  // namespace gradus::GRADUS_ABI::detail
