#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concepts.hpp>

namespace gradus::inline GRADUS_ABI {

namespace detail {

/// A measure that shows the inner rule its own slots, and the master as the parameters.
template <class M, std::size_t N>
struct MasterMeasure {
  const M& measure;

  template <class Terms>
  struct Inner {
    static constexpr std::size_t count = Terms::count;
    Terms terms;
    template <class V>
    GRADUS_KERNEL std::array<Product<V>, count> operator()(const V&, const V& g,
                                                           const std::array<V, N + 1>& s) const {
      return [&]<std::size_t... J>(std::index_sequence<J...>) GRADUS_LAMBDA {
        const std::array<V, N> own{s[J]...};
        return terms(s[N], g, own);
      }(std::make_index_sequence<N>{});
    }
  };
  template <class Terms>
  constexpr std::array<double, Terms::count> operator()(const Terms& terms) const {
    return measure(Inner<Terms>{terms});
  }
};

template <class K, std::size_t N>
struct MasterKernel {
  K inner;

  template <class V>
  GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, N + 1>& s) const {
    return [&]<std::size_t... J>(std::index_sequence<J...>) GRADUS_LAMBDA {
      std::array<V, N> own{s[J]...};
      V master = s[N];
      const V step = inner(master, g, own);
      ((s[J] = own[J]), ...);
      s[N] = p = master - step;
      return V(0.0F);
    }(std::make_index_sequence<N>{});
  }
  template <class M>
  constexpr MasterKernel for_span(std::span<double> scalars, const M& measure) const
    requires HasForSpan<K>
  {
    return {inner.for_span(scalars, MasterMeasure<M, N>{measure})};
  }
};
}  // namespace detail

/// A rule, or a whole chain, that keeps the parameters in full as a slot of its own: those of the
/// caller, bfloat16 or float16, are its rounded copy.
///
///   master <- master - step(master, g);  p <- master, rounded
///
/// Domain: the rule's.
/// Units: the rule's.
/// State: the rule's slots, and "master" of the arithmetic's type.
/// Traffic: the rule's and 8 bytes; parameters and gradients 2 each in place of 4.
/// Init: master starts as a copy of the parameters.
/// Cost: the rule's.
/// Errors: the rule's fault.
/// Source: P. Micikevicius et al., Mixed precision training, 2018.
/// Differs: norms of parameters (LAMB) are the master's.
template <class R>
struct Master {
  static constexpr Name name = name_of<R>();
  template <class T>
  using slot_types = decltype(std::tuple_cat(std::declval<slot_types_t<R, T>>(), std::tuple<T>{}));
  R rule;

  constexpr auto slots() const {
    std::array<Slot, slot_count<R> + 1> r{};
    std::size_t j = 0;
    for (const Slot& slot : slots_of(rule)) r[j++] = slot;
    r[j] = {"master", 0, Slot::From::params};
    return r;
  }
  constexpr auto scalars() const
    requires HasScalars<R>
  {
    return rule.scalars();
  }
  constexpr auto span_scalars() const
    requires HasSpanScalars<R>
  {
    return rule.span_scalars();
  }
  constexpr Master<std::remove_cvref_t<decltype(rule_at(std::declval<const R&>(), 0))>> at(
      step_t t) const
    requires HasAt<R>
  {
    return {rule.at(t)};
  }
  template <Real T, class M>
  constexpr auto prepare(const Context& c, const M& measure) const
    requires(!HasScalars<R> && HasPrepare<R, T>)
  {
    return prepare<T>(c, Scalars<R>(static_cast<double*>(nullptr), 0), measure);
  }
  template <Real T, class M>
  constexpr auto prepare(const Context& c, Scalars<R> scalars, const M& measure) const
    requires HasPrepare<R, T>
  {
    constexpr std::size_t N = slot_count<R>;
    const auto inner = gradus::prepare<T>(rule, c, scalars, detail::MasterMeasure<M, N>{measure});
    return detail::MasterKernel<std::remove_const_t<decltype(inner)>, N>{inner};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return fault_of<T>(rule);
  }
  constexpr bool operator==(const Master&) const = default;
};
template <class R>
Master(R) -> Master<R>;

}  // namespace gradus::inline GRADUS_ABI
