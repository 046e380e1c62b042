// The sentences for arguments that no call takes.
#pragma once

#include <array>
#include <span>
#include <type_traits>

#include <gradus/memory/accepted.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Says why X, as it is forwarded, is no parameters of type P; of any type where P is void.
template <class P, class X>
struct AsParams {
  static constexpr bool numbers = OfNumbers<X>;
  static constexpr bool type = numbers && (std::is_void_v<P> || std::same_as<number_t<X>, P>);
  static constexpr bool written = type && !std::is_const_v<elements_t<X>>;
  static constexpr bool gone =
      OnTheWay<std::remove_reference_t<X>> ||
      (!std::is_lvalue_reference_v<X> && SpanArgument<std::remove_reference_t<X>&, number_t<X>>);

  static constexpr bool fits = type && SpanArgument<X, number_t<X>>;

  static_assert(
      !LikeMatrix<X>,
      "gradus: the parameters are no contiguous range, which a matrix, an expression or "
      "a block of one is not: pass std::span(x.data(), x.size()) if its elements lie one after "
      "another; <gradus/adapt/eigen.hpp> takes objects of Eigen");
  static_assert(!NoSpan<X> || LikeMatrix<X>,
                "gradus: parameters are a std::vector, std::array, std::span or another contiguous "
                "range, or a list of such, as gradus::spans(a, b)");
  static_assert(NoSpan<X> || numbers,
                "gradus: the parameters must be float, double, gradus::bfloat16 or "
                "gradus::float16: convert elements of any other type");
  static_assert(!numbers || type,
                "gradus: the parameters are of another type than this was made for, which is float "
                "unless it was made of parameters: make it of these, as in Optimizer{schedule, "
                "rule, params}");
  static_assert(!type || written,
                "gradus: the parameters are const, but they are written to: pass what is not "
                "const, as a std::vector<float>& or a std::span<float>");
  static_assert(!written || !gone,
                "gradus: the parameters are a temporary, or a list that makes its elements on the "
                "way, and what is written would be gone: give them a name");
  static_assert(!written || gone || SpanArgument<X, number_t<X>>,
                "gradus: the parameters are a list of lists: make one list of spans of them");
};

/// Says why X is no gradients for arithmetic in T; for any where T is void.
template <class T, class X>
struct AsGrads {
  using E = number_t<X>;
  static constexpr bool numbers = OfNumbers<X>;
  static constexpr bool type =
      numbers && (std::is_void_v<T> || std::same_as<arithmetic_t<number_t<X>>, T>);

  static constexpr bool fits = type && SpanArgument<const std::remove_reference_t<X>, const E>;

  static_assert(
      !LikeMatrix<X>,
      "gradus: the gradients (or what else is read) are no contiguous range, which a "
      "matrix, an expression or a "
      "block of one is not: pass std::span(x.data(), x.size()) if its elements lie one after "
      "another; <gradus/adapt/eigen.hpp> takes objects of Eigen");
  static_assert(!NoSpan<X> || LikeMatrix<X>,
                "gradus: gradients (or what else is read) are a std::vector, std::array, std::span "
                "or another contiguous "
                "range, or a list of such, as gradus::spans(a, b)");
  static_assert(
      NoSpan<X> || numbers,
      "gradus: the gradients (or what else is read) must be float, double, gradus::bfloat16 or "
      "gradus::float16: convert elements of any other type");
  static_assert(!numbers || type,
                "gradus: the gradients (or what else is read) are of another type than the "
                "parameters: with parameters of "
                "double they must be double, with all others float, gradus::bfloat16 or "
                "gradus::float16; convert them");
  static_assert(!type || !OnTheWay<const std::remove_reference_t<X>>,
                "gradus: the gradients (or what else is read) are a list that makes its elements "
                "on the way, which would "
                "be gone before they are read: make a list of spans");
  static_assert(!type || OnTheWay<const std::remove_reference_t<X>> ||
                    SpanArgument<const std::remove_reference_t<X>, const E>,
                "gradus: the gradients (or what else is read) are a list of lists: make one list "
                "of spans of them");
};

/// Says why X, as it is forwarded, is not one span of what a rule keeps.
template <class X>
struct AsSlot {
  static constexpr bool fits = OneSpan<X>;

  static_assert(
      Spanned<std::remove_reference_t<X>>,
      "gradus: a slot is a std::vector, std::array, std::span or another contiguous range");
  static_assert(!Spanned<std::remove_reference_t<X>> || fits,
                "gradus: a slot is written to, and of float, double, gradus::bfloat16, "
                "gradus::float16 or blocks of 8 bits: it must not be const, a temporary or of "
                "another type");
};
/// Says why X is not one span.
template <class X>
struct AsOne {
  static constexpr bool fits =
      Spanned<std::remove_reference_t<X>> && !Listing<std::remove_reference_t<X>>;

  static_assert(fits,
                "gradus: this takes one span of parameters, not a list: call it once for each");
};

/// The sentence for the first of the two that does not fit.
template <class P, class Params, class Grads>
using AsBoth = std::conditional_t<SpanArgument<Params, P>, AsGrads<arithmetic_t<P>, Grads>,
                                  AsParams<P, Params>>;

/// Says why these are not what `Groups` take.
template <class Params, class Grads>
struct AsGroups {
  static constexpr bool fits = false;

  static_assert(
      std::is_void_v<Params>,
      "gradus::Groups.step takes one item for each group, step({p, q}, {gp, gq}) or "
      "step(std::tuple{...}, std::tuple{...}), or where all have one type one list of all "
      "spans, step(spans(p, q), spans(gp, gq))");
};
/// Says why these are not what a `GroupList` takes.
template <class P, class Params, class Grads>
struct AsItems {
  static constexpr bool fits = false;

  static_assert(
      std::is_void_v<P>,
      "gradus::GroupList.step takes a list of all spans, or a list with one item for each "
      "group");
};
template <class P, class Params, class Grads>
  requires(Listing<std::remove_reference_t<Params>> && Listing<Grads>)
struct AsItems<P, Params, Grads> : AsBoth<P, item_t<Params>, std::remove_cvref_t<item_t<Grads>>> {};

/// Accepted by no other overload: `As` are the arguments' roles, of which one does not fit.
template <class Result, class... As>
constexpr Result explain() {
  static_assert(!(As::fits && ...),
                "gradus: no call takes these arguments together: in braces the gradients have the "
                "parameters' type, gradus::spans(a, b) takes others");
  return Result();
}

/// As `AsGrads`, for parameters of type P and an item in braces.
template <class P, class X>
struct AsGradsOf : AsGrads<arithmetic_t<P>, std::remove_cvref_t<X>> {};

/// Stands for spans in braces that no other overload takes; the constructor explains the items that
/// do not fit. Its overloads are templates, so that the compiler prefers any other one.
template <template <class, class> class As, class P>
struct InBraces {
  template <class... X>
  InBraces(X&&...) {  // NOLINT: implicit
    static_cast<void>((As<P, X>::fits && ...));
  }
};
template <class P>
using ParamsInBraces = InBraces<AsParams, P>;
template <class P>
using GradsInBraces = InBraces<AsGradsOf, P>;
/// The same with one item for each group, of parameters of types P.
template <template <class, class> class As, class... P>
struct GroupsInBraces {
  template <class... X>
  GroupsInBraces(X&&...) {  // NOLINT: implicit
    static_assert(sizeof...(X) == sizeof...(P),
                  "gradus::Groups.step takes one item for each group, step({p, q}, {gp, gq})");
    if constexpr (sizeof...(X) == sizeof...(P)) static_cast<void>((As<P, X>::fits && ...));
  }
};
/// The body of such an overload. `Call` is void.
template <class Result, class Call>
constexpr Result explain_braces() {
  static_assert(!std::is_void_v<Call>,
                "gradus: no call takes these arguments together: in braces each item is one span, "
                "and the gradients have the parameters' type; gradus::spans(a, b), or for Groups "
                "std::tuple, takes others");
  return Result();
}

/// Says why `spans` does not take an X.
template <class X>
struct AsSpan {
  static constexpr bool fits = SpansOfOneType<X>;

  static_assert(!LikeMatrix<X>,
                "gradus::spans takes contiguous ranges, which a matrix, an expression or a block "
                "of one is not: pass std::span(x.data(), x.size()) if its elements lie one after "
                "another; <gradus/adapt/eigen.hpp> takes objects of Eigen");
  static_assert(LikeMatrix<X> || Spanned<X>,
                "gradus::spans takes std::vector, std::array, std::span and other contiguous "
                "ranges");
  static_assert(NoSpan<X> || Stays<X&&>,
                "gradus::spans: a temporary would be gone after the call: give it a name");
};
/// Or several, each of which would do alone.
template <class... X>
struct OfOneType {
  static constexpr bool fits = SpansOfOneType<X...>;

  static_assert(!(SpansOfOneType<X> && ...) || SpansOfOneType<X...>,
                "gradus::spans makes a list of spans of one type: parameters of several types take "
                "an optimizer each, in gradus::Groups");
};

}}}  // namespace gradus::GRADUS_ABI::detail

namespace gradus { inline namespace GRADUS_ABI {

template <class... X>
  requires(sizeof...(X) > 0 && !detail::SpansOfOneType<X...>)
constexpr auto spans(X&&...) {
  return detail::explain<std::array<std::span<float>, sizeof...(X)>, detail::AsSpan<X>...,
                         detail::OfOneType<X...>>();
}

}}  // namespace gradus::GRADUS_ABI
