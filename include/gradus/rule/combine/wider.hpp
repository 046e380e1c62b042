// helper header
// Rules that keep more of a parameter than the caller's 16 bits of it, in a slot behind their own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/rule/combine/around.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// A measure that shows the inner rule its own slots, and the whole parameters.
template <class More, class M, std::size_t N>
struct WiderMeasure {
  const M& measure;
  std::size_t span = measure.span;

  template <class Terms>
  struct Inner {
    static constexpr std::size_t count = Terms::count;
    Terms terms;
    template <class V>
    GRADUS_KERNEL std::array<Product<V>, count> operator()(const V& p, const V& g,
                                                           const std::array<V, N + 1>& s) const {
      return [&]<std::size_t... J>(std::index_sequence<J...>) GRADUS_LAMBDA {
        const std::array<V, N> own{s[J]...};
        return terms(More::whole(p, s[N]), g, own);
      }(std::make_index_sequence<N>{});
    }
    GRADUS_KERNEL constexpr Inner at_element(std::uint64_t i) const
      requires HasAtElement<Terms>
    {
      return {terms.at_element(i)};
    }
  };
  template <class Terms>
  constexpr std::array<double, Terms::count> operator()(const Terms& terms) const {
    return measure(Inner<Terms>{terms});
  }
};

template <class More, class K, std::size_t N>
struct WiderKernel {
  K inner;

  template <class V>
  GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, N + 1>& s) const {
    return [&]<std::size_t... J>(std::index_sequence<J...>) GRADUS_LAMBDA {
      std::array<V, N> own{s[J]...};
      V whole = More::whole(p, s[N]);
      const V step = inner(whole, g, own);
      ((s[J] = own[J]), ...);
      More::split(whole - step, p, s[N]);
      return V(0.0F);
    }(std::make_index_sequence<N>{});
  }
  template <class M>
  constexpr WiderKernel for_span(std::span<double> scalars, const M& measure) const
    requires HasForSpan<K>
  {
    return {inner.for_span(scalars, WiderMeasure<More, M, N>{measure})};
  }
  GRADUS_KERNEL constexpr WiderKernel at_element(std::uint64_t i) const
    requires HasAtElement<K>
  {
    return {inner.at_element(i)};
  }
};

/// `More` says how the slot and the caller's parameter make the whole one: `whole(p, slot)`,
/// `split(whole, p, slot)`, what the slot is stored as and how it starts.
template <class R, class More>
struct Wider : Around<R> {
  static_assert(Rule<R>,
                "gradus::Master and gradus::Compensated take a rule or a chain, not a stage");
  static_assert(StoreNoParams<R>,
                "gradus::Master and gradus::Compensated stand once, inside of Stochastic and "
                "outside of all else: Stochastic{Master{rule}}");
  static constexpr bool stores_params = true;
  static constexpr std::array<bool, slot_count<R> + 1> not_negative{};  // `stored` stands inside
  template <class T>
  using slot_types = decltype(std::tuple_cat(std::declval<slot_types_t<R, T>>(),
                                             std::tuple<typename More::template type<T>>{}));
  using Around<R>::Around;

  constexpr auto slots() const {
    std::array<Slot, slot_count<R> + 1> r{};
    std::size_t j = 0;
    for (const Slot& slot : slots_of(this->rule)) r[j++] = slot;
    r[j] = More::slot;
    return r;
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
    const auto inner =
        gradus::prepare<T>(this->rule, c, scalars, WiderMeasure<More, M, N>{measure});
    return WiderKernel<More, std::remove_const_t<decltype(inner)>, N>{inner};
  }
};

}}}  // namespace gradus::GRADUS_ABI::detail
