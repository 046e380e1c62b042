// A list that no user sees.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// Refers to items that lie one after another, as `std::span` does. Lists that no user sees are of
/// this type, which takes a compiler a fraction of the time.
template <class T>
class ListOf {
 public:
  constexpr ListOf() noexcept = default;
  constexpr ListOf(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  /// The items of a vector, or those of another list as const.
  template <class X>
    requires(!std::same_as<std::remove_cvref_t<X>, ListOf> &&
             (std::is_lvalue_reference_v<X> || std::is_const_v<T>) &&
             std::is_convertible_v<std::remove_pointer_t<decltype(std::declval<X&>().data())> (*)[],
                                   T (*)[]>)
  constexpr ListOf(X&& x) noexcept : ListOf(x.data(), x.size()) {}  // NOLINT: implicit

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
