// The spans of a call: what is accepted, and what is refused before anything is touched.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <gradus/concept/slot.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/exec/measure.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/memory/overlap.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Whatever converts to `std::span<T>` itself: vectors, arrays, spans. Duck typing on `data()` and
/// `size()` would also take a strided block of a matrix and update the wrong elements.
template <class X, class T>
concept SpanOf = std::convertible_to<X, std::span<T>>;

namespace detail {
/// An element that lies somewhere, or a view of what does; not a vector made on the way.
template <class E>
concept Stays =
    std::is_lvalue_reference_v<E> || std::ranges::enable_borrowed_range<std::remove_cvref_t<E>>;
}  // namespace detail

/// A list of them: `std::vector<std::span<T>>`, `std::array<std::vector<T>, 3>` ...
template <class X, class T>
concept SpanList = !SpanOf<X, T> && requires(X& x) {
  { *std::begin(x) } -> SpanOf<T>;
  std::end(x);
} && detail::Stays<decltype(*std::begin(std::declval<X&>()))>;

template <class X, class T>
concept SpanArgument = SpanOf<X, T> || SpanList<X, T>;

namespace detail {
template <class X>
struct ElementOfSpan {};
template <class X>
  requires requires(X& x) { std::span(x); }
struct ElementOfSpan<X> {
  using type = typename decltype(std::span(std::declval<X&>()))::element_type;
};
/// The element type of several spans, const if that of one is.
template <class... X>
using common_element_t =
    std::remove_pointer_t<std::common_type_t<typename ElementOfSpan<X>::type*...>>;
/// What `spans` takes: of one type, and still there after the call.
template <class... X>
concept SpansOfOneType = sizeof...(X) > 0 && (Stays<X&&> && ...) &&
                         requires { requires std::is_object_v<common_element_t<X...>>; };
}  // namespace detail

/// Several vectors, arrays or spans as a list of spans: `spans(weights, biases)`.
template <class... X>
  requires detail::SpansOfOneType<X...>
constexpr auto spans(X&&... x) {
  using T = detail::common_element_t<X...>;
  return std::array<std::span<T>, sizeof...(X)>{std::span<T>(x)...};
}

namespace detail {
/// The element type of a span or of a list of spans, const removed.
template <class X>
struct value;
template <class X>
  requires Storage<std::remove_cv_t<typename ElementOfSpan<X>::type>>
struct value<X> : std::remove_cv<typename ElementOfSpan<X>::type> {};
template <class X>
  requires requires(X& x) { std::span(*std::begin(x)); }
struct value<X> : value<std::remove_reference_t<decltype(*std::begin(std::declval<X&>()))>> {};
template <class X>
using value_t = typename value<std::remove_reference_t<X>>::type;

}  // namespace detail

/// Gradients for arithmetic in T: a span or a list of spans of T itself, or for float of halves.
template <class X, class T>
concept GradientsFor = SpanArgument<const X, const detail::value_t<const X>> &&
                       std::same_as<arithmetic_t<detail::value_t<const X>>, T>;

namespace detail {

template <class X>
constexpr auto as_span(X& x) {
  return std::span<value_t<X>>(x);
}

template <class T, class X, class F>
constexpr void for_each_span(X& x, F&& f) {
  if constexpr (SpanOf<X&, T>) {
    f(std::span<T>(x));
  } else {
    for (auto&& s : x) f(std::span<T>(s));
  }
}

/// How many spans and elements a list has, and where the first span begins.
struct Extent {
  std::size_t spans = 0, elements = 0;
  std::uintptr_t begin = 0;
};
template <class T, class X>
constexpr Extent extent_of(X& x) {
  Extent r;
  for_each_span<T>(x, [&](std::span<T> s) {
    ++r.spans;
    if (r.elements == 0) r.begin = reinterpret_cast<std::uintptr_t>(s.data());
    const std::size_t sum = r.elements + s.size();
    r.elements = sum < s.size() ? static_cast<std::size_t>(-1) : sum;  // too many is refused later
  });
  return r;
}

[[noreturn]] inline void refuse_sizes(const char* who, const char* what, std::size_t span,
                                      const char* rule, std::size_t wanted, std::size_t got) {
  refuse(Sentence() << "gradus::" << who << "." << what << "[" << span << "] " << rule << " "
                    << wanted << " (got " << got << ")");
}

template <class T>
inline void check_span(const char* who, const char* what, std::size_t index, std::span<T> s,
                       std::size_t size) {
  if (s.size() != size)
    refuse_sizes(who, what, index, "must have as many elements as its span of parameters,", size,
                 s.size());
  if (s.empty()) return;
  if (s.data() == nullptr)
    refuse_sizes(who, what, index, "must not be null with a size of", size, s.size());
  const std::size_t past = reinterpret_cast<std::uintptr_t>(s.data()) % alignof(T);
  if (past != 0)
    refuse_sizes(who, what, index, "must be aligned to a multiple in bytes of", alignof(T), past);
}

/// Refuses a span with a gradient that is not finite, and names the first.
template <class Streams>
[[noreturn]] inline void refuse_non_finite(const Streams& streams, std::size_t span,
                                           const char* who = "Optimizer") {
  using T = typename Streams::T;
  const exec::View& view = streams.views[span];
  const auto scaled = [&](std::size_t i) {
    return static_cast<T>(streams.scale * static_cast<T>(streams.g(view)[i]));
  };
  std::size_t i = 0;
  while (i + 1 < view.n && math::is_finite(scaled(i))) ++i;
  refuse(Sentence() << "gradus::" << who << ".grads[" << span << "] must be finite (got "
                    << static_cast<double>(scaled(i)) << " at element " << i << ")");
}

[[noreturn]] inline void refuse_moved_from(const char* call) {
  refuse(Sentence() << "gradus::Optimizer." << call
                    << " must not be called on an optimizer that was moved from");
}
[[noreturn]] inline void refuse_count(const char* what, std::size_t wanted, std::size_t got,
                                      const char* who = "Optimizer") {
  refuse(Sentence() << "gradus::" << who << "." << what << " must be " << wanted
                    << " spans, as at construction (got " << got << ")");
}

[[noreturn]] inline void refuse_without_params(std::size_t n) {
  refuse({"Optimizer", "params",
          "must be given, not only their number: a slot starts as a copy of them",
          static_cast<double>(n)});
}

/// Refuses a slot, the j-th, that cannot start as it should.
template <Storage S>
inline void check_start(const char* who, std::size_t j, const Slot& slot) {
  if (slot.from != Slot::From::constant && slot.from != Slot::From::params)
    refuse(Sentence() << "gradus::" << who << ".slots must start from constant or params (got slot "
                      << j << ")");
  if (Blocked<S> && (slot.from == Slot::From::params || slot.value != 0))
    refuse(Sentence() << "gradus::" << who
                      << ".slots must start at 0, not as copies of the parameters, where they are "
                         "stored in blocks (got slot "
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

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
