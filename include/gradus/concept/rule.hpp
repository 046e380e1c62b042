// What a rule is: hyper-parameters, the state that it asks for, and `prepare`, which gives its
// kernel.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concept/kernel.hpp>
#include <gradus/concept/slot.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Optional in a rule: `constexpr std::array<Slot, N> slots() const`, state for each parameter.
template <class R>
concept HasSlots = requires(const R& r) { r.slots()[0].from; };
/// Optional in a rule: `constexpr std::array<Scalar, N> scalars() const`, state of the whole
/// optimizer.
template <class R>
concept HasScalars = requires(const R& r) { r.scalars()[0].value; };
/// Optional in a rule: `constexpr std::array<Scalar, N> span_scalars() const`, state of each span
/// by itself.
template <class R>
concept HasSpanScalars = requires(const R& r) { r.span_scalars()[0].value; };

/// Properties that a rule or stage may declare:
/// `static constexpr RuleTraits traits{.sets_params = true};`
struct RuleTraits {
  bool needs_loss = false;     ///< it uses the loss: a step without one is refused
  bool sets_params = false;    ///< each step sets the parameters to a function of the rule's state,
                               ///< which undoes what a step stage behind it does
  bool only_reads = false;     ///< a step stage that changes neither the step nor a parameter
  bool stores_params = false;  ///< it says how parameters are stored: `Master`, `Compensated`
  bool stores_slots = false;   ///< it says how slots are stored: what `stored` makes

  /// What several parts together say.
  friend constexpr RuleTraits operator|(const RuleTraits& a, const RuleTraits& b) {
    return {a.needs_loss || b.needs_loss, a.sets_params || b.sets_params,
            a.only_reads && b.only_reads, a.stores_params || b.stores_params,
            a.stores_slots || b.stores_slots};
  }
};
/// A rule that declares a property as a member of its own, as rules did before `RuleTraits`.
template <class R>
concept DeclaresPropertyByItself = requires { R::needs_loss; } || requires {
  R::sets_params;
} || requires { R::only_reads; } || requires { R::stores_params; } || requires { R::stores_slots; };

namespace detail {
template <class R>
constexpr RuleTraits no_traits() {
  static_assert(!DeclaresPropertyByItself<R>,
                "gradus: a rule declares its properties together: static constexpr RuleTraits "
                "traits{.needs_loss = true};");
  return {};
}
}  // namespace detail

template <class R>
inline constexpr RuleTraits traits = detail::no_traits<R>();
template <class R>
  requires requires { R::traits; }
inline constexpr RuleTraits traits<R> = R::traits;

template <class R>
inline constexpr std::size_t slot_count = 0;
template <HasSlots R>
inline constexpr std::size_t slot_count<R> =
    std::tuple_size<decltype(std::declval<const R&>().slots())>::value;
template <class R>
inline constexpr std::size_t scalar_count = 0;
template <HasScalars R>
inline constexpr std::size_t scalar_count<R> =
    std::tuple_size<decltype(std::declval<const R&>().scalars())>::value;
template <class R>
inline constexpr std::size_t span_scalar_count = 0;
template <HasSpanScalars R>
inline constexpr std::size_t span_scalar_count<R> =
    std::tuple_size<decltype(std::declval<const R&>().span_scalars())>::value;

/// Optional in a rule: `static constexpr std::array<bool, N> not_negative`: which of its slots
/// never hold a number below 0. Those alone may be stored without a sign (`Positive8`).
template <class R>
inline constexpr std::array<bool, slot_count<R>> not_negative{};
template <class R>
  requires requires { R::not_negative; }
inline constexpr std::array<bool, slot_count<R>> not_negative<R> = R::not_negative;

namespace detail {
template <class T, std::size_t... J>
std::tuple<decltype(static_cast<void>(J), T{})...> repeated(std::index_sequence<J...>);
template <class R, class T>
struct slot_types {
  using type = decltype(repeated<T>(std::make_index_sequence<slot_count<R>>{}));
};
template <class R, class T>
  requires requires { typename R::template slot_types<T>; }
struct slot_types<R, T> {
  using type = typename R::template slot_types<T>;
};
template <class Types, class Otherwise>
struct first {
  using type = Otherwise;
};
template <class E, class... More, class Otherwise>
struct first<std::tuple<E, More...>, Otherwise> {
  using type = E;
};
template <class Types, class Otherwise>
using first_t = typename first<Types, Otherwise>::type;
}  // namespace detail

/// What a rule's slots are stored as, a tuple of types: the type of its arithmetic, T, unless it
/// has a member `slot_types<T>`.
template <class R, class T>
using slot_types_t = typename detail::slot_types<R, T>::type;

/// Two rules that keep slots of the same types, and as many scalars.
template <class A, class B, class T>
concept SameState =
    std::same_as<slot_types_t<A, T>, slot_types_t<B, T>> && scalar_count<A> == scalar_count<B> &&
    span_scalar_count<A> == span_scalar_count<B>;

/// A rule's slots, scalars and span scalars; an empty array where it has none.
template <class R>
constexpr auto slots_of(const R& r) {
  if constexpr (HasSlots<R>) {
    return r.slots();
  } else {
    return std::array<Slot, 0>{};
  }
}
template <class R>
constexpr auto scalars_of(const R& r) {
  if constexpr (HasScalars<R>) {
    return r.scalars();
  } else {
    return std::array<Scalar, 0>{};
  }
}
template <class R>
constexpr auto span_scalars_of(const R& r) {
  if constexpr (HasSpanScalars<R>) {
    return r.span_scalars();
  } else {
    return std::array<Scalar, 0>{};
  }
}

/// A rule's scalars, as `prepare` gets them.
template <class R>
using Scalars = std::span<double, scalar_count<R>>;

/// A rule's or stage's own name, "Adam"; "Rule" if it has none.
template <class R>
constexpr Name name_of() {
  if constexpr (requires { Name(R::name); }) {
    return R::name;
  } else {
    return "Rule";
  }
}

/// Optional in a rule: `at(t)` gives the rule as it is at update t; it is checked anew at each
/// step.
template <class R>
concept HasAt = requires(const R& r, step_t t) { r.at(t); };

template <class R>
constexpr decltype(auto) rule_at(const R& r, step_t t) {
  if constexpr (HasAt<R>) {
    return r.at(t);
  } else {
    return (r);
  }
}
/// The type of a rule as it is at one update.
template <class R>
using now_t = std::remove_cvref_t<decltype(rule_at(std::declval<const R&>(), 0))>;

/// `prepare<T>(context, more...)`: all the scalar work of one step, in double, rounded to T once.
/// A rule declares which further arguments it takes: none, its scalars, a measure, or both.
template <class R, class T, class... More>
concept Prepares = requires(const R& r, const Context& c, const More&... more) {
  r.template prepare<T>(c, more...);
};
/// `prepare<T>(context)`.
template <class R, class T>
concept PreparesPlainly = Prepares<R, T>;
/// `prepare<T>(context, scalars)`: a rule with scalars, which it advances.
template <class R, class T>
concept PreparesScalars = HasScalars<R> && Prepares<R, T, Scalars<R>>;
/// `prepare<T>(context, measure)`: a rule that needs sums over all elements first:
/// `measure(terms)`. The terms of a rule are called as terms(p, g, slots), those of a step stage as
/// terms(p, g, step, slots).
template <class R, class T>
concept PreparesMeasured = Prepares<R, T, ProbeMeasure>;
/// `prepare<T>(context, scalars, measure)`: both.
template <class R, class T>
concept PreparesScalarsMeasured = HasScalars<R> && Prepares<R, T, Scalars<R>, ProbeMeasure>;
template <class R, class T>
concept HasPrepare = PreparesPlainly<R, T> || PreparesScalars<R, T> || PreparesMeasured<R, T> ||
                     PreparesScalarsMeasured<R, T>;

/// Whether a rule takes sums over all elements. A chain or its wrapper always gets a measure; its
/// member `measures<T>` says whether a part uses it.
template <class R, class T>
inline constexpr bool measures = PreparesMeasured<R, T> || PreparesScalarsMeasured<R, T>;
template <class R, class T>
  requires requires { R::template measures<T>; }
inline constexpr bool measures<R, T> = R::template measures<T>;

/// Prepares any rule: hands it what it asks for. `scalars`: as many as the rule has, nullptr if it
/// has none.
template <class T, class R, class M>
  requires HasPrepare<R, T>
constexpr auto prepare(const R& rule, const Context& context, double* scalars, const M& measure) {
  if constexpr (PreparesScalarsMeasured<R, T>) {
    return rule.template prepare<T>(context, Scalars<R>(scalars, scalar_count<R>), measure);
  } else if constexpr (PreparesMeasured<R, T>) {
    return rule.template prepare<T>(context, measure);
  } else if constexpr (PreparesScalars<R, T>) {
    return rule.template prepare<T>(context, Scalars<R>(scalars, scalar_count<R>));
  } else {
    return rule.template prepare<T>(context);
  }
}

/// What `prepare` returns for arithmetic in T.
template <class R, class T>
  requires HasPrepare<R, T>
using kernel_t =
    decltype(gradus::prepare<T>(std::declval<const R&>(), Context{}, nullptr, ProbeMeasure{}));

/// A rule that sees the shapes of the parameters, as Muon does, and takes whole matrices. Its
/// kernel is a `MatrixKernel`; rule/matrix/ has such rules, and says what else they have.
template <class R, class T = float>
concept MatrixRule = HasPrepare<R, T> && MatrixKernel<kernel_t<R, T>, T, slot_count<R>>;

namespace detail {
/// The kernel that must be callable. A rule that sees matrices has parts in place of the call,
/// which `MatrixRule` checks, so nothing is asked of its call. A disjunction in `Rule` would hide
/// from the compiler's message what a kernel lacks.
struct NoCallNeeded {
  template <class V, std::size_t N>
  V operator()(V& p, const V&, std::array<V, N>&) const {
    return p;
  }
};
template <class R, class T>
using called_kernel_t = std::conditional_t<MatrixRule<R, T>, NoCallNeeded, kernel_t<R, T>>;
}  // namespace detail

/// A rule: hyper-parameters as plain fields, `prepare`, and the kernel that it returns. Optional:
/// slots, scalars, `check()`, `at(t)` for a rule whose fields vary, and a kernel's
/// `for_span(scalars, measure)` for norms of each span by itself.
template <class R, class T = float>
concept Rule = std::copy_constructible<R> && HasPrepare<R, T> &&
               Kernel<detail::called_kernel_t<R, T>, T, slot_count<R>>;

}}  // namespace gradus::GRADUS_ABI
