// optional header
// What is saved: numbers that lie together, under a name.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/io/file.hpp>
#include <gradus/io/only_doubles.hpp>
#include <gradus/spans.hpp>
#include <gradus/storage/element.hpp>

namespace gradus::inline GRADUS_ABI::io {

namespace detail {

/// What the safetensors format calls a number: "F32". Blocks are bytes to it.
template <class T>
constexpr std::string_view dtype_of() {
  if constexpr (std::same_as<T, bfloat16>) return "BF16";
  if constexpr (std::same_as<T, float16>) return "F16";
  if constexpr (std::floating_point<T>) return sizeof(T) == 4 ? "F32" : "F64";
  if constexpr (std::signed_integral<T>)
    return sizeof(T) == 1 ? "I8" : sizeof(T) == 2 ? "I16" : sizeof(T) == 4 ? "I32" : "I64";
  if constexpr (std::unsigned_integral<T>)
    return sizeof(T) == 1 ? "U8" : sizeof(T) == 2 ? "U16" : sizeof(T) == 4 ? "U32" : "U64";
  return "U8";
}

/// What can be saved: the same bytes mean the same everywhere.
template <class T>
concept Savable = Storage<T> || (std::integral<T> && !std::same_as<T, bool>);

/// What is one span of numbers.
template <class X>
concept Numbers = requires(X& x) {
  std::span(x);
} && Savable<std::remove_cv_t<typename decltype(std::span(std::declval<X&>()))::element_type>>;
/// What has a state of doubles, as a feedback does.
template <class X>
concept HasState = OnlyDoubles<std::remove_cvref_t<decltype(std::declval<X&>().state)>>;
/// The span, without its length in its type.
template <Numbers X>
auto numbers(X& x) {
  return std::span<typename decltype(std::span(x))::element_type>(x);
}

/// A tensor: its name, what the format says of it, and where its bytes are. `to` is where they are
/// to be put when it is loaded, null if it cannot be.
struct Tensor {
  std::string name;
  std::string_view dtype{};
  std::array<std::uint64_t, 2> shape{};
  std::size_t dimensions = 0;
  std::size_t width = 1;  // of what the format counts
  std::size_t bytes = 0;
  const std::byte* from = nullptr;
  std::byte* to = nullptr;

  bool is_like(const Tensor& o) const noexcept {
    return name == o.name && dtype == o.dtype && dimensions == o.dimensions && shape == o.shape;
  }
};

/// A row of numbers, or one number without dimensions.
template <class T>
  requires Savable<std::remove_const_t<T>>
Tensor tensor(std::string name, std::span<T> s, std::size_t dimensions = 1) {
  using E = std::remove_const_t<T>;
  static_assert(std::is_trivially_copyable_v<E> && alignof(E) <= 8);
  Tensor t{std::move(name), dtype_of<E>()};
  t.dimensions = dimensions;
  if (dimensions > 0) t.shape[0] = s.size();
  t.width = sizeof(E);
  if constexpr (Blocked<E>) t.dimensions = 2, t.shape[1] = sizeof(E), t.width = 1;
  t.bytes = s.size_bytes();
  t.from = reinterpret_cast<const std::byte*>(s.data());
  if constexpr (!std::is_const_v<T>) t.to = reinterpret_cast<std::byte*>(s.data());
  return t;
}

/// What can stand in a name: the same in every text format.
constexpr bool is_plain(char c) noexcept { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }
/// A text of which every character can.
inline std::string plain(std::string_view text) {
  std::string r(text);
  for (char& c : r)
    if (!is_plain(c)) c = '?';
  return r;
}

}  // namespace detail

/// Something of the caller's own that is saved beside the optimizers; made by `named`.
template <bool Writable>
struct Named {
  std::vector<detail::Tensor> tensors;
};

/// `named("weights", weights)`: numbers of the caller's to be saved and loaded under a name: one, a
/// span of them, a list of spans ("weights.0", "weights.1" ...), or the state of a feedback, such
/// as `Plateau`. They are referred to, not copied.
///
/// Domain: integers, float, double, bfloat16, float16; names of printable ASCII without quotes and
///   backslashes, each of them once in a file. What is const can be saved only.
/// Errors: any other name.
template <class X>
auto named(std::string_view name, X&& x) {
  for (const char c : name)
    if (!detail::is_plain(c)) name = {};
  if (name.empty() || name.starts_with("__"))
    refuse(
        "gradus::io::named.name must be printable ASCII without quotes and backslashes, and "
        "begin with other than \"__\"");
  using V = std::remove_reference_t<X>;
  constexpr bool stays = gradus::detail::Stays<X>;
  if constexpr (detail::Savable<std::remove_cv_t<V>>) {
    static_assert(stays, "gradus::io::named refers to its argument, which must stay");
    return Named<!std::is_const_v<V>>{{detail::tensor(std::string(name), std::span(&x, 1), 0)}};
  } else if constexpr (detail::Numbers<V>) {
    static_assert(stays, "gradus::io::named refers to its argument, which must stay");
    const auto s = detail::numbers(x);
    return Named<!std::is_const_v<typename decltype(s)::element_type>>{
        {detail::tensor(std::string(name), s)}};
  } else if constexpr (detail::HasState<V>) {
    static_assert(stays, "gradus::io::named refers to its argument, which must stay");
    using E = std::conditional_t<std::is_const_v<V>, const double, double>;
    const std::span<E> s(reinterpret_cast<E*>(&x.state), sizeof x.state / sizeof(double));
    return Named<!std::is_const_v<V>>{{detail::tensor(std::string(name), s)}};
  } else {
    using Element = decltype(*std::begin(x));
    static_assert((std::is_lvalue_reference_v<X> && gradus::detail::Stays<Element>) ||
                      std::ranges::enable_borrowed_range<std::remove_cvref_t<Element>>,
                  "gradus::io::named refers to its argument, which must stay");
    using E = typename decltype(detail::numbers(*std::begin(x)))::element_type;
    Named<!std::is_const_v<E>> r;
    for (auto&& s : x)
      r.tensors.push_back(detail::tensor(std::string(name) + "." + std::to_string(r.tensors.size()),
                                         detail::numbers(s)));
    return r;
  }
}

}  // namespace gradus::inline GRADUS_ABI::io
