// optional header
// A tensor: contiguous numbers with a name.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <gradus/memory/spans.hpp>
#include <gradus/save/file.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The name of a type in the safetensors format: "F32". Blocks are bytes there.
template <class T>
constexpr std::string_view dtype_of() {
  if constexpr (std::same_as<T, bfloat16>) return "BF16";
  if constexpr (std::same_as<T, float16>) return "F16";
  if constexpr (std::same_as<T, char>) return "U8";  // signed or not
  if constexpr (std::floating_point<T>) return sizeof(T) == 4 ? "F32" : "F64";
  if constexpr (std::signed_integral<T>)
    return sizeof(T) == 1 ? "I8" : sizeof(T) == 2 ? "I16" : sizeof(T) == 4 ? "I32" : "I64";
  if constexpr (std::unsigned_integral<T>)
    return sizeof(T) == 1 ? "U8" : sizeof(T) == 2 ? "U16" : sizeof(T) == 4 ? "U32" : "U64";
  return "U8";
}

/// Types that can be saved, because their bytes mean the same everywhere.
template <class T>
concept Savable = Storage<T> || (std::integral<T> && sizeof(T) <= 8 && !std::same_as<T, bool>);

/// A span of numbers, or what is made one.
template <class X>
concept Numbers = Savable<std::remove_const_t<typename gradus::detail::ElementOfSpan<X>::type>>;
/// The span, with dynamic extent.
template <Numbers X>
auto numbers(X& x) {
  return gradus::detail::span_of_type<typename gradus::detail::ElementOfSpan<X>::type>(x);
}

/// A tensor: its name, its type and shape in the format, and where its bytes are. `load` writes to
/// these bytes, and takes only what is not const. `copied` means that this is a copy, which is
/// checked before anything is changed.
struct Tensor {
  std::string name;
  std::string_view dtype{};
  std::array<std::uint64_t, 2> shape{};
  std::size_t dimensions = 0;
  std::size_t width = 1;  // of what the format counts
  std::size_t bytes = 0;
  const void* data = nullptr;
  bool copied = false;
};

/// The type of a tensor's elements. Blocks are bytes in the format.
struct ElementType {
  std::string_view dtype;
  std::size_t size;
  bool blocks;
};
GRADUS_NOINLINE inline Tensor tensor(std::string&& name, const ElementType& type, const void* data,
                                     std::size_t count, std::size_t dimensions) {
  Tensor t{std::move(name), type.dtype};
  t.dimensions = type.blocks ? 2 : dimensions;
  if (dimensions > 0) t.shape[0] = count;
  if (type.blocks) t.shape[1] = type.size;
  t.width = type.blocks ? 1 : type.size;
  t.bytes = count * type.size;
  t.data = data;
  return t;
}
/// A vector of numbers, or with 0 dimensions a single number.
template <class T>
  requires Savable<std::remove_const_t<T>>
Tensor tensor(std::string name, std::span<T> s, std::size_t dimensions = 1) {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);
  using E = std::remove_const_t<T>;
  return tensor(std::move(name), {dtype_of<E>(), sizeof(E), Blocked<E>}, s.data(), s.size(),
                dimensions);
}
/// Marks a tensor as a copy.
inline Tensor copied(Tensor&& t) {
  t.copied = true;
  return std::move(t);
}

/// A character that may be in a name, because it needs no escape in any text format.
constexpr bool is_plain(char c) noexcept { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }
/// A text with '?' in place of all other characters.
GRADUS_NOINLINE inline std::string plain(std::string_view text) {
  std::string r(text);
  for (char& c : r)
    if (!is_plain(c)) c = '?';
  return r;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
