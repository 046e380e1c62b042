// What a span and a list of spans are, to the calls that take them.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/config/version.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// How a type X of another library, which does not convert to a span, is made one. A header of
/// adapt/ specialises it: `static std::span<T> of(X& x)`, and the same for a const X. For what is a
/// matrix it also has `static Shape shape(const X& x)`.
template <class X>
struct SpanFrom {};

// Vectors and spans also convert by themselves, but a compiler takes longer to find that out.
template <class T, class Allocator>
  requires(!std::same_as<T, bool>)
struct SpanFrom<std::vector<T, Allocator>> {
  static constexpr std::span<T> of(std::vector<T, Allocator>& x) { return {x.data(), x.size()}; }
  static constexpr std::span<const T> of(const std::vector<T, Allocator>& x) {
    return {x.data(), x.size()};
  }
};
template <class T, std::size_t Size>
struct SpanFrom<std::span<T, Size>> {
  static constexpr std::span<T> of(const std::span<T, Size>& x) { return {x.data(), x.size()}; }
};

namespace detail {
/// Types of which `SpanFrom` says all that there is to say.
template <class X>
inline constexpr bool is_vector_or_span = false;
template <class T, class Allocator>
inline constexpr bool is_vector_or_span<std::vector<T, Allocator>> = !std::same_as<T, bool>;
template <class T, std::size_t Size>
inline constexpr bool is_vector_or_span<std::span<T, Size>> = true;

/// An element that lies somewhere, or a view of what does; not a vector made on the way.
template <class E>
concept Stays =
    std::is_lvalue_reference_v<E> || std::ranges::enable_borrowed_range<std::remove_cvref_t<E>>;

/// A type with a `SpanFrom`.
template <class X>
concept Adapted = requires(X& x) { SpanFrom<std::remove_cvref_t<X>>::of(x); };
template <Adapted X>
using adapted_element_t =
    typename std::remove_cvref_t<decltype(SpanFrom<std::remove_cvref_t<X>>::of(
        std::declval<std::remove_reference_t<X>&>()))>::element_type;
/// The same, for elements T. As with `std::span`, a temporary is not written to.
template <class X, class T>
concept AdaptedOf = Adapted<X> && (std::is_const_v<T> || Stays<X&&>) &&
                    std::convertible_to<adapted_element_t<X> (*)[], T (*)[]>;
/// What `span_of` takes.
template <class X>
concept Spanned = Adapted<X> || requires(X& x) { std::span(x); };

/// The span of a contiguous object.
template <Spanned X>
constexpr auto span_of(X& x) {
  if constexpr (Adapted<X>) {
    return SpanFrom<std::remove_const_t<X>>::of(x);
  } else {
    return std::span(x);
  }
}
/// The same with elements T, which may be const where those of the object are not.
template <class T, class X>
constexpr std::span<T> span_of_type(X&& x) {
  if constexpr (Adapted<X>) {
    const auto span = span_of(x);
    return {span.data(), span.size()};
  } else {
    return std::span<T>(x);
  }
}
}  // namespace detail

/// Whatever converts to `std::span<T>` itself: vectors, arrays, spans; and what an adapter makes a
/// span. Duck typing on `data()` and `size()` would also take a strided block of a matrix and
/// update the wrong elements.
template <class X, class T>
concept SpanOf = detail::AdaptedOf<X, T> || (!detail::is_vector_or_span<std::remove_cvref_t<X>> &&
                                             std::convertible_to<X, std::span<T>>);

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
template <Spanned X>
struct ElementOfSpan<X> {
  using type = typename decltype(span_of(std::declval<X&>()))::element_type;
};
/// The element type of several spans, const if that of one is.
template <class... X>
using common_element_t =
    std::remove_pointer_t<std::common_type_t<typename ElementOfSpan<X>::type*...>>;
/// What `spans` takes: of one type, and still there after the call.
template <class... X>
concept SpansOfOneType = sizeof...(X) > 0 && (Stays<X&&> && ...) &&
                         requires { requires std::is_object_v<common_element_t<X...>>; };

/// A type whose objects know which matrix they are.
template <class X>
concept HasShape = is_shaped<std::remove_cvref_t<X>> ||
                   requires(const X& x) { SpanFrom<std::remove_cvref_t<X>>::shape(x); };
/// The shape of what a span is made of; no shape if it has none.
template <class X>
constexpr Shape shape_of(const X& x) {
  if constexpr (std::same_as<X, Shape>) {
    return x;
  } else if constexpr (is_shaped<X>) {
    return x.shape;
  } else if constexpr (HasShape<X>) {
    return SpanFrom<X>::shape(x);
  } else {
    return {};
  }
}
}  // namespace detail

/// Several vectors, arrays or spans as a list of spans: `spans(weights, biases)`. If one of them
/// has a shape, as `spans(matrix(weights, 10, 64), biases)`, the list keeps all shapes.
template <class... X>
  requires detail::SpansOfOneType<X...>
constexpr auto spans(X&&... x) {
  using T = detail::common_element_t<X...>;
  if constexpr ((detail::HasShape<X> || ...)) {
    return std::array<Shaped<T>, sizeof...(X)>{
        Shaped<T>(detail::span_of_type<T>(x), detail::shape_of(x))...};
  } else {
    return std::array<std::span<T>, sizeof...(X)>{detail::span_of_type<T>(x)...};
  }
}

namespace detail {
template <class T, class X>
constexpr Shaped<T> shaped(const char* who, X& x, const Shape& shape) {
  const std::span<T> span = span_of_type<T>(x);
  check_shape(who, shape, span.size());
  return {span, shape};
}
}  // namespace detail

/// A span as `count` matrices, one after another, each with its rows one after another: the heads
/// of an attention layer, or the experts of a mixture. A rule for matrices takes each by itself.
/// Errors: `gradus::Error` if it has another number of elements; 0 rows, columns or matrices.
template <class X>
  requires detail::SpansOfOneType<X>
constexpr auto matrices(X&& x, std::size_t count, std::size_t rows, std::size_t columns,
                        FanIn fan_in = FanIn::columns) {
  using T = detail::common_element_t<X>;
  return detail::shaped<T>("matrices", x, {rows, columns, count, fan_in});
}
/// A span as a matrix with its rows one after another: `matrix(weights, outputs, inputs)`. A
/// convolution's weights are one of `outputs` rows and `inputs * height * width` columns.
/// `FanIn::rows` says that the rows belong to the inputs, as in Keras' layout W[in, out].
/// Errors: as `matrices`.
template <class X>
  requires detail::SpansOfOneType<X>
constexpr auto matrix(X&& x, std::size_t rows, std::size_t columns, FanIn fan_in = FanIn::columns) {
  using T = detail::common_element_t<X>;
  return detail::shaped<T>("matrix", x, {rows, columns, 1, fan_in});
}
/// The same elements without a shape, for a rule that leaves matrices to another one.
template <class X>
  requires detail::SpansOfOneType<X>
constexpr auto unshaped(X&& x) {
  using T = detail::common_element_t<X>;
  return detail::span_of_type<T>(x);
}

namespace detail {
/// The numbers of which an array of arrays is made, and how many they are.
template <class T>
struct Flat {
  using type = T;
  static constexpr std::size_t size = 1;
};
template <class T, std::size_t N>
struct Flat<T[N]> {
  using type = typename Flat<T>::type;
  static constexpr std::size_t size = N * Flat<T>::size;
};
template <class T, std::size_t N>
  requires(N > 0)
struct Flat<std::array<T, N>> : Flat<T[N]> {};
template <class T, std::size_t N>
  requires(N > 0)
struct Flat<const std::array<T, N>> : Flat<const T[N]> {};
}  // namespace detail

/// Arrays that lie next to each other in memory, as one span of their numbers:
/// `flat(points)` of a `std::vector<std::array<float, 3>>`. A list of these arrays gives the same
/// bits; a call checks each of them if they have moved since the last call.
///
/// x: a vector, array or span of `std::array` or of built-in arrays, to any depth.
template <class X>
  requires detail::Stays<X&&> && requires(X& x) { std::span(x); }
inline auto flat(X&& x) {
  const std::span all(x);
  using E = typename decltype(all)::element_type;
  using T = typename detail::Flat<E>::type;
  static_assert(sizeof(E) == detail::Flat<E>::size * sizeof(T));
  return std::span<T>(reinterpret_cast<T*>(all.data()), all.size() * detail::Flat<E>::size);
}

namespace detail {
/// A list of spans that is also one span: a vector, array or span of `std::array<T, N>`.
template <class X, class T>
concept ListOfArrays = SpanList<X, T> && requires(X& x) {
  { flat(x) } -> std::same_as<std::span<T>>;
};

/// A span of numbers or of blocks of them.
template <class X>
concept SpanOfStorage = Storage<std::remove_cv_t<typename ElementOfSpan<X>::type>>;

/// The element type of a span or of a list of spans, const removed.
template <class X>
struct value;
template <SpanOfStorage X>
struct value<X> : std::remove_cv<typename ElementOfSpan<X>::type> {};
template <class X>
  requires(!SpanOfStorage<X> && Spanned<decltype(*std::begin(std::declval<X&>()))>)
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
  return span_of_type<value_t<X>>(x);
}

template <class T, class X, class F>
constexpr void for_each_span(X& x, F&& f) {
  if constexpr (SpanOf<X&, T>) {
    f(span_of_type<T>(x));
  } else {
    for (auto&& s : x) f(span_of_type<T>(s));
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

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
