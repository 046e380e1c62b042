// A list that no user sees.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// Refers to items that lie one after another, as `std::span` does. Lists that no user sees are of
/// this type: `std::span` asks what kind of iterator a pointer is, and for each type of items the
/// answer takes a compiler longer than a loop over them.
template <class T>
class ListOf {
 public:
  constexpr ListOf() noexcept = default;
  constexpr ListOf(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  /// The items of a vector, or those of another list as const.
  template <class X>
    requires(!std::same_as<std::remove_cvref_t<X>, ListOf>) && requires(X& x) {
      { x.data() } -> std::convertible_to<T*>;
    }
  constexpr ListOf(X&& x) noexcept : ListOf(x.data(), x.size()) {}

  constexpr T* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T* begin() const noexcept { return data_; }
  constexpr T* end() const noexcept { return data_ + size_; }
  constexpr T& operator[](std::size_t i) const noexcept { return data_[i]; }
  constexpr ListOf subspan(std::size_t first, std::size_t count) const noexcept {
    return {data_ + first, count};
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}}}  // namespace gradus::GRADUS_ABI::exec
