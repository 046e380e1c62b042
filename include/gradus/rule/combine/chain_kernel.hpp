// helper header: what a chain's `prepare` returns: the kernels of its parts, run one after another
// on the same registers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/rule/combine/nesting.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

constexpr std::size_t sum_before(std::size_t i, std::initializer_list<std::size_t> counts) {
  std::size_t sum = 0;
  for (const std::size_t* c = counts.begin(); c != counts.begin() + i; ++c) sum += *c;
  return sum;
}

/// Where part I's share of a chain's slots and scalars begins; for I = the number of parts, how
/// many there are.
template <class Parts>
struct Offsets;
template <class... Parts>
struct Offsets<std::tuple<Parts...>> {
  template <std::size_t I>
  static constexpr std::size_t slots = sum_before(I, {slot_count<Parts>...});
  template <std::size_t I>
  static constexpr std::size_t scalars = sum_before(I, {scalar_count<Parts>...});
  template <std::size_t I>
  static constexpr std::size_t span_scalars = sum_before(I, {span_scalar_count<Parts>...});
};

/// Runs f on a part's own slots: they are copied out and in, and never leave their registers.
template <std::size_t At, std::size_t Count, class V, std::size_t N, class F>
GRADUS_KERNEL V with_slots(std::array<V, N>& s, const F& f) {
  return [&]<std::size_t... J>(std::index_sequence<J...>) GRADUS_LAMBDA {
    std::array<V, Count> own{s[At + J]...};
    const V r = f(own);
    ((s[At + J] = own[J]), ...);
    return r;
  }(std::make_index_sequence<Count>{});
}

/// The kernels of the first parts of a chain; of all of them once it is prepared. `Parts` is the
/// tuple of the parts.
template <class Parts, class... Ks>
struct ChainKernel {
  static constexpr std::size_t N = Offsets<Parts>::template slots<std::tuple_size_v<Parts>>;
  std::tuple<Ks...> kernels;

  template <class V>
  GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, N>& s) const {
    return run(p, g, s, std::index_sequence_for<Ks...>{});
  }
  /// The gradient after all gradient stages prepared so far.
  template <class V>
  GRADUS_KERNEL V gradient(const V& p, const V& g, std::array<V, N>& s) const {
    V r = g;
    [&]<std::size_t... I>(std::index_sequence<I...>)
        GRADUS_LAMBDA { ((r = stage<I>(p, r, s)), ...); }(std::index_sequence_for<Ks...>{});
    return r;
  }
  GRADUS_KERNEL constexpr ChainKernel at_element(std::uint64_t i) const
    requires(HasAtElement<Ks> || ...)
  {
    return [&]<std::size_t... I>(std::index_sequence<I...>) GRADUS_LAMBDA {
      return ChainKernel{std::tuple<Ks...>(gradus::at_element(std::get<I>(kernels), i)...)};
    }(std::index_sequence_for<Ks...>{});
  }
  template <class K>
  constexpr ChainKernel<Parts, Ks..., K> with(const K& k) const {
    return {std::tuple_cat(kernels, std::tuple<K>(k))};
  }

  /// A measure of what the part after these sees: `terms(p, g, own slots)`, for a step stage
  /// `terms(p, g, step, own slots)`.
  template <class M>
  struct Through {
    const M& measure;
    const ChainKernel& before;
    std::size_t span = measure.span;
    template <class Terms>
    struct Composed {
      static constexpr std::size_t count = Terms::count;
      ChainKernel before;
      Terms terms;
      template <class V>
      GRADUS_KERNEL std::array<Product<V>, count> operator()(const V& p, const V& g,
                                                             const std::array<V, N>& slots) const {
        constexpr std::size_t I = sizeof...(Ks);
        std::array<V, N> s = slots;
        return [&]<std::size_t... J>(std::index_sequence<J...>) GRADUS_LAMBDA {
          if constexpr (is_step_stage<Part<I>>) {
            V moved = p;
            const V step = before(moved, g, s);
            return terms(moved, g, step, std::array<V, sizeof...(J)>{s[at<I> + J]...});
          } else {
            const V seen = before.gradient(p, g, s);
            return terms(p, seen, std::array<V, sizeof...(J)>{s[at<I> + J]...});
          }
        }(std::make_index_sequence<slots_of<I>>{});
      }
      GRADUS_KERNEL constexpr Composed at_element(std::uint64_t i) const
        requires(HasAtElement<ChainKernel> || HasAtElement<Terms>)
      {
        return {gradus::at_element(before, i), gradus::at_element(terms, i)};
      }
    };
    template <class Terms>
    constexpr std::array<double, Terms::count> operator()(const Terms& terms) const {
      return measure(Composed<Terms>{before, terms});
    }
  };
  /// The kernels for one span, where a part has norms or scalars of its own there.
  template <class M>
  constexpr ChainKernel for_span(std::span<double> scalars, const M& measure) const
    requires(HasForSpan<Ks> || ...)
  {
    ChainKernel r = *this;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (for_span<I>(r, scalars, measure), ...);
    }(std::index_sequence_for<Ks...>{});
    return r;
  }

 private:
  template <std::size_t I>
  using Part = std::tuple_element_t<I, Parts>;
  template <std::size_t I>
  static constexpr std::size_t at = Offsets<Parts>::template slots<I>;
  template <std::size_t I>
  static constexpr std::size_t slots_of = slot_count<Part<I>>;
  template <class V, std::size_t... I>
  GRADUS_KERNEL V run(V& p, const V& g, std::array<V, N>& s, std::index_sequence<I...>) const {
    const V seen = gradient(p, g, s);
    V step = g;
    ((step = take<I>(p, g, seen, step, s)), ...);
    return step;
  }
  template <std::size_t I, class V>
  GRADUS_KERNEL V stage(const V& p, const V& g, std::array<V, N>& s) const {
    if constexpr (is_gradient_stage<Part<I>>) {
      return with_slots<at<I>, slots_of<I>>(
          s, [&](auto& own) GRADUS_LAMBDA { return std::get<I>(kernels).gradient(p, g, own); });
    } else {
      return g;
    }
  }
  template <std::size_t I, class V>
  GRADUS_KERNEL V take(V& p, const V& g, const V& seen, const V& step, std::array<V, N>& s) const {
    if constexpr (is_rule<Part<I>>) {
      return with_slots<at<I>, slots_of<I>>(
          s, [&](auto& own) GRADUS_LAMBDA { return std::get<I>(kernels)(p, seen, own); });
    } else if constexpr (is_step_stage<Part<I>>) {
      return with_slots<at<I>, slots_of<I>>(
          s, [&](auto& own) GRADUS_LAMBDA { return std::get<I>(kernels).step(p, g, step, own); });
    } else {
      return step;
    }
  }
  template <std::size_t I, class M>
  static constexpr void for_span(ChainKernel& r, std::span<double> scalars, const M& measure) {
    if constexpr (HasForSpan<std::tuple_element_t<I, std::tuple<Ks...>>>) {
      const std::span<double> own =
          scalars.subspan(Offsets<Parts>::template span_scalars<I>, span_scalar_count<Part<I>>);
      [&]<std::size_t... J>(std::index_sequence<J...>) {
        using Before = ChainKernel<Parts, std::tuple_element_t<J, std::tuple<Ks...>>...>;
        const Before before{
            std::tuple<std::tuple_element_t<J, std::tuple<Ks...>>...>(std::get<J>(r.kernels)...)};
        const typename Before::template Through<M> through{measure, before};
        std::get<I>(r.kernels) = std::get<I>(r.kernels).for_span(own, through);
      }(std::make_index_sequence<I>{});
    }
  }
};

}}}  // namespace gradus::GRADUS_ABI::detail
