// Elements of a slot in another order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <gradus/simd/scalar.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// In place of the number of what is taken over: something new, which starts afresh.
inline constexpr std::size_t fresh = std::numeric_limits<std::size_t>::max();

namespace detail {

/// Writes a slot's elements in order, each taken over from another place in an old slot; those that
/// are fresh are left as they are.
template <Storage E>
class Recoder {
 public:
  Recoder(const E* old, E* to) noexcept : old_(old), to_(to) {}
  void next(std::size_t from) noexcept {
    if (from != fresh) *to_ = old_[from];
    ++to_;
  }
  void finish() const noexcept {}

 private:
  const E* old_;
  E* to_;
};

/// The same in blocks, where new elements are 0. A block whose elements come from one block, and
/// from the same places in it, is copied; others are coded anew, to the nearest code.
template <Blocked E>
class Recoder<E> {
 public:
  Recoder(const E* old, E* to) noexcept : old_(old), to_(to) {}
  void next(std::size_t from) noexcept {
    from_[n_++] = from;
    if (n_ == E::size) finish();
  }
  void finish() noexcept {
    if (n_ == 0) return;
    for (std::size_t i = n_; i < E::size; ++i) from_[i] = fresh;
    if (!copied()) code();
    ++to_;
    n_ = 0;
  }

 private:
  bool copied() const noexcept {
    const E* whole = nullptr;
    for (std::size_t i = 0; i < E::size; ++i) {
      if (from_[i] == fresh) continue;
      const E* const block = old_ + from_[i] / E::size;
      if (from_[i] % E::size != i || (whole != nullptr && whole != block)) return false;
      whole = block;
    }
    *to_ = {};
    if (whole != nullptr) to_->exponent = whole->exponent;
    for (std::size_t i = 0; i < E::size; ++i)
      if (from_[i] != fresh) to_->codes[i] = whole->codes[i];
    return true;
  }
  void code() const noexcept {
    using simd::scalar;
    float values[E::size] = {}, most = 0;
    for (std::size_t i = 0; i < E::size; ++i) {
      if (from_[i] == fresh) continue;
      const E& block = old_[from_[i] / E::size];
      scalar::load_codes<E>(values[i], block.codes + from_[i] % E::size, block.origin());
      scalar::grow(most, values[i]);
    }
    to_->cover(std::bit_cast<std::uint32_t>(most));
    constexpr std::uint32_t half = 0x80000000U;  // a dither that rounds to the nearest
    for (std::size_t i = 0; i < E::size; ++i)
      scalar::store_codes<E>(to_->codes + i, values[i], to_->origin(), half);
  }

  const E* old_;
  E* to_;
  std::size_t n_ = 0;
  std::size_t from_[E::size] = {};
};

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
