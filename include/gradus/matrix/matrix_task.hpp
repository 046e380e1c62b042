// optional header
// What the kernel of a rule for matrices gets between its two sweeps, and what such a rule
// declares.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/matrix/products.hpp>
#include <gradus/memory/accepted.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/memory/spans.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A slot of a rule for matrices whose size follows from the shape of the span: a number for each
/// row, a square matrix, and so on. It starts at 0.
struct ShapedSlot {
  Name name;
  std::size_t (*elements)(const Shape& shape) = nullptr;
};

/// What `kernel.for_matrix(task)` works on: one span between the two sweeps over it.
template <Real T, class E, class P = OwnProducts>
struct MatrixTask {
  T* data;                    ///< the directions of the span, which become what is applied
  Shape shape;                ///< of the span: all of its matrices have it
  std::span<T* const> slots;  ///< the rule's shaped slots, where those of this span begin
  T* work;                    ///< as many numbers as `rule.work<T, P>(shape)` says
  const E& run;
  P products{};

  /// The same with other products.
  template <class P2>
  MatrixTask<T, E, P2> with(const P2& other) const {
    return {data, shape, slots, work, run, other};
  }
  /// f(data of the matrix, its number) for each matrix of the span.
  template <class F>
  void each(const F& f) const {
    for (std::size_t i = 0; i < shape.count; ++i) f(data + i * shape.rows * shape.columns, i);
  }
};

namespace detail {

/// The rule for matrices in a wrapper or a chain.
template <class R>
constexpr const auto& matrix_rule_in(const R& rule);
template <class First, class... More>
constexpr const auto& matrix_rule_among(const First& first, const More&... more) {
  if constexpr (MatrixRule<First, float>) {
    return matrix_rule_in(first);
  } else {
    return matrix_rule_among(more...);
  }
}
template <class R>
constexpr const auto& matrix_rule_in(const R& rule) {
  if constexpr (requires { rule.parts; }) {
    return std::apply([](const auto&... part) -> const auto& { return matrix_rule_among(part...); },
                      rule.parts);
  } else if constexpr (requires { rule.rule; }) {
    return matrix_rule_in(rule.rule);
  } else {
    return rule;
  }
}
/// The rule for matrices among the parts of a chain, as a type.
template <class Parts>
struct MatrixPart;
template <class First, class... More>
struct MatrixPart<std::tuple<First, More...>>
    : std::conditional_t<MatrixRule<First, float>, std::type_identity<First>,
                         MatrixPart<std::tuple<More...>>> {};

/// The products that a wrapper chooses itself; otherwise P.
template <class R, class P>
struct ChosenProducts : std::type_identity<P> {};
template <class R, class P>
  requires requires { typename R::products_type; }
struct ChosenProducts<R, P> : std::type_identity<typename R::products_type> {};
/// The products that the kernel of a rule uses: those of its innermost wrapper that chooses some.
template <class R, class P = OwnProducts>
struct ProductsOf : std::type_identity<P> {};
template <class R, class P>
  requires requires(const R& r) { r.rule; }
struct ProductsOf<R, P> : ProductsOf<decltype(R::rule), typename ChosenProducts<R, P>::type> {};
template <class R, class P>
  requires requires(const R& r) { r.parts; }
struct ProductsOf<R, P> : ProductsOf<typename MatrixPart<decltype(R::parts)>::type, P> {};

template <class R>
constexpr auto shaped_slots_of(const R& rule) {
  const auto& own = matrix_rule_in(rule);
  if constexpr (requires { own.shaped_slots(); }) {
    return own.shaped_slots();
  } else {
    return std::array<ShapedSlot, 0>{};
  }
}

/// f(shape of a span) for each span of a list, or for the one span; a number of parameters has
/// none.
template <class X, class F>
void for_each_shape(X& x, const F& f) {
  if constexpr (Listing<X>) {
    for (auto&& s : x) f(shape_of(s));
  } else {
    f(shape_of(x));
  }
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
