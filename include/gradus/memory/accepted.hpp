// What the calls of the library take as parameters, gradients and slots. For anything else each has
// one overload, whose body is a sentence of explain.hpp.
#pragma once

#include <concepts>
#include <span>
#include <type_traits>
#include <utility>

#include <gradus/memory/spans.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// What a list is a list of, where that is no number.
template <class X>
using listed_t = std::remove_reference_t<decltype(*std::begin(std::declval<X&>()))>;
template <class X>
concept Listing = requires { typename listed_t<X>; } && std::is_class_v<listed_t<X>> &&
                  !Element<std::remove_const_t<listed_t<X>>> &&
                  !std::same_as<std::remove_const_t<listed_t<X>>, std::remove_const_t<X>>;

/// The elements of what std::span takes, or of a list of that, const kept; void for anything else.
template <class X>
struct Elements : std::type_identity<void> {};
template <class X>
  requires Listing<X>
struct Elements<X> : Elements<listed_t<X>> {};
template <class X>
  requires(Spanned<X> && !Listing<X>)
struct Elements<X> : ElementOfSpan<X> {};
template <class X>
using elements_t = typename Elements<std::remove_reference_t<X>>::type;

/// Elements of a type that parameters may have, whatever becomes of their const.
template <class X>
concept OfNumbers = Element<std::remove_const_t<elements_t<X>>>;
/// One span of numbers, or of blocks of them, to be written.
template <class X>
concept OneSpan = requires { typename value_t<X>; } && SpanOf<X, value_t<X>>;

/// What `update` and `start` take.
template <class P, class G, class... State>
concept Updatable = OneSpan<P> && Spanned<const G> && Element<value_t<P>> &&
                    GradientsFor<G, arithmetic_t<value_t<P>>> && (OneSpan<State> && ...);
template <class P, class... Slots>
concept Startable = Spanned<const P> && OfNumbers<const P> && (OneSpan<Slots> && ...);

template <class X>
concept NoSpan = std::is_void_v<elements_t<X>>;
/// Has a pointer and a size, as a matrix of Eigen has, and is no contiguous range.
template <class X>
concept LikeMatrix = NoSpan<X> && !Spanned<X> && requires(X& x) {
  x.data();
  x.size();
};
/// Their type; float if they are none.
template <class X>
using number_t = std::conditional_t<OfNumbers<X>, std::remove_const_t<elements_t<X>>, float>;

/// A list that makes its spans or vectors on the way.
template <class X>
concept OnTheWay = !Spanned<X> && requires(X& x) { *std::begin(x); } &&
                   !Stays<decltype(*std::begin(std::declval<X&>()))>;

/// Whether an optimizer of parameters P takes these.
template <class P, class Params, class Grads>
inline constexpr bool fit =
    SpanArgument<Params, P> && GradientsFor<std::remove_cvref_t<Grads>, arithmetic_t<P>>;

/// Numbers of any type, to be read.
template <class X>
concept Watched = OfNumbers<const X> && SpanArgument<const X, const number_t<const X>>;

/// An item of a list, as a loop over it has it.
template <class X>
using item_t = decltype(*std::begin(std::declval<X&>()));
/// What a list of groups takes: a list of all spans, or of one item for each group.
template <class P, class Params, class Grads>
concept ItemsFit = Listing<std::remove_reference_t<Params>> && Listing<Grads> &&
                   fit<P, item_t<Params>, item_t<Grads>>;

}}}  // namespace gradus::GRADUS_ABI::detail
