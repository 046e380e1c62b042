// The concepts: read this first. A schedule gives the rate, a rule the step, a kernel the
// arithmetic, an executor the order. Each requirement is a concept of its own, so that a compiler
// names the one that is missing.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <gradus/rule_parts.hpp>
#include <gradus/simd/pack.hpp>
#include <gradus/step.hpp>

namespace gradus::inline GRADUS_ABI {

/// A schedule maps the index of an update to a rate: a copyable value, callable while const,
/// without state. A lambda will do.
template <class S>
concept Schedule = std::copy_constructible<S> && requires(const S& s, step_t t) {
  { s(t) } -> std::convertible_to<double>;
};

/// A product to be summed over all elements by a measuring pass: Product{g, g} gives the squared
/// norm of the gradients.
template <class V>
struct Product {
  V a, b;
};

// What the concepts are tried with: a pack of width 1, and a measure that measures nothing.
template <class T>
using probe_pack = simd::pack<simd::scalar, T>;
struct ProbeMeasure {
  static constexpr std::size_t span = 0;
  template <class Terms>
  constexpr std::array<double, Terms::count> operator()(const Terms&) const {
    return {};
  }
};

/// `prepare<T>(context)`: all the scalar work of one step, in double, rounded to T once.
template <class R, class T>
concept PreparesPlainly = requires(const R& r, const Context& c) { r.template prepare<T>(c); };
/// `prepare<T>(context, scalars)`: the same for a rule with scalars, which it advances.
template <class R, class T>
concept PreparesScalars = HasScalars<R> && requires(const R& r, const Context& c, Scalars<R> s) {
  r.template prepare<T>(c, s);
};
/// `prepare<T>(context, measure)`: the same for a rule that needs sums over all elements first:
/// `measure(terms)` with terms(p, g, slots), of a step stage terms(p, g, step, slots).
template <class R, class T>
concept PreparesMeasured =
    requires(const R& r, const Context& c, const ProbeMeasure& m) { r.template prepare<T>(c, m); };
/// `prepare<T>(context, scalars, measure)`: both.
template <class R, class T>
concept PreparesScalarsMeasured =
    HasScalars<R> && requires(const R& r, const Context& c, Scalars<R> s, const ProbeMeasure& m) {
      r.template prepare<T>(c, s, m);
    };
template <class R, class T>
concept HasPrepare = PreparesPlainly<R, T> || PreparesScalars<R, T> || PreparesMeasured<R, T> ||
                     PreparesScalarsMeasured<R, T>;

/// Whether a rule takes sums over all elements. A chain and what is around one can, and say by a
/// member `measures<T>` whether they do.
template <class R, class T>
inline constexpr bool measures = PreparesMeasured<R, T> || PreparesScalarsMeasured<R, T>;
template <class R, class T>
  requires requires { R::template measures<T>; }
inline constexpr bool measures<R, T> = R::template measures<T>;

/// Prepares any rule: hands it what it asks for.
template <class T, class R, class M>
  requires HasPrepare<R, T>
constexpr auto prepare(const R& rule, const Context& context, Scalars<R> scalars,
                       const M& measure) {
  if constexpr (PreparesScalarsMeasured<R, T>) {
    return rule.template prepare<T>(context, scalars, measure);
  } else if constexpr (PreparesMeasured<R, T>) {
    return rule.template prepare<T>(context, measure);
  } else if constexpr (PreparesScalars<R, T>) {
    return rule.template prepare<T>(context, scalars);
  } else {
    return rule.template prepare<T>(context);
  }
}

/// What `prepare` returns for arithmetic in T.
template <class R, class T>
  requires HasPrepare<R, T>
using kernel_t = decltype(gradus::prepare<T>(std::declval<const R&>(), Context{},
                                             std::declval<Scalars<R>>(), ProbeMeasure{}));

/// `V step = kernel(p, g, slots)` for any pack V: the step, to be subtracted from p. A kernel that
/// takes p by `V&` may move it first.
template <class K, class T, std::size_t N>
concept Kernel = std::copyable<K> && requires(const K& k, probe_pack<T>& p, const probe_pack<T>& g,
                                              std::array<probe_pack<T>, N>& s) {
  { k(p, g, s) } -> std::same_as<probe_pack<T>>;
};

/// Optional in a kernel: `for_span(scalars, measure)` gives the kernel for one span, from sums over
/// that span alone and the span's own scalars.
template <class K>
concept HasForSpan =
    requires(const K& k, std::span<double> s, const ProbeMeasure& m) { k.for_span(s, m); };

/// Optional in a kernel, and in the terms of a measure: `at_element(i)` gives the one for a pack
/// that begins with element i of all.
template <class K>
concept HasAtElement = requires(const K& k, std::uint64_t i) { k.at_element(i); };

template <class K>
GRADUS_KERNEL constexpr decltype(auto) at_element(const K& k, std::uint64_t i) {
  if constexpr (HasAtElement<K>) {
    return k.at_element(i);
  } else {
    return (k);
  }
}

/// A rule: hyper-parameters as plain fields, `prepare`, and the kernel that it returns. Optional:
/// slots, scalars, `check()`, `at(t)` for a rule whose fields vary, and a kernel's
/// `for_span(scalars, measure)` for norms of each span by itself.
template <class R, class T = float>
concept Rule =
    std::copy_constructible<R> && HasPrepare<R, T> && Kernel<kernel_t<R, T>, T, slot_count<R>>;

/// `V g2 = kernel.gradient(p, g, slots)`: changes the gradient before the rule sees it.
template <class K, class T, std::size_t N>
concept GradientKernel =
    std::copyable<K> && requires(const K& k, const probe_pack<T>& p, const probe_pack<T>& g,
                                 std::array<probe_pack<T>, N>& s) {
      { k.gradient(p, g, s) } -> std::same_as<probe_pack<T>>;
    };
/// `V step2 = kernel.step(p, g, step, slots)`: changes the step that the rule wants to take; g is
/// the raw gradient.
template <class K, class T, std::size_t N>
concept StepKernel =
    std::copyable<K> && requires(const K& k, probe_pack<T>& p, const probe_pack<T>& g,
                                 const probe_pack<T>& step, std::array<probe_pack<T>, N>& s) {
      { k.step(p, g, step, s) } -> std::same_as<probe_pack<T>>;
    };
template <class R, class T = float>
concept GradientStage = HasPrepare<R, T> && GradientKernel<kernel_t<R, T>, T, slot_count<R>>;
template <class R, class T = float>
concept StepStage = HasPrepare<R, T> && StepKernel<kernel_t<R, T>, T, slot_count<R>>;

// What an executor gets: a callable with something in it, not a function pointer.
struct ProbeTask {
  std::size_t* seen = nullptr;
  void operator()(std::size_t) const noexcept {}
};

/// Runs f(0) ... f(n - 1), in any order and on any threads, and returns when all are done. It must
/// not throw.
template <class E>
concept Executor = requires(const E& run, std::size_t n, const ProbeTask& f) { run(n, f); };

}  // namespace gradus::inline GRADUS_ABI
