// helper header
// Rules that keep more of a parameter than the caller's 16 bits of it, in a slot behind their own.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/rule/combine/around.hpp>
#include <gradus/rule/combine/nesting.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The inner rule's terms of a measure, given the whole parameter and the rule's own N slots.
template <class More, class Terms, std::size_t N>
struct WiderTerms : KernelAround<WiderTerms<More, Terms, N>, Terms> {
  static constexpr std::size_t count = Terms::count;

  GRADUS_KERNEL constexpr WiderTerms with(const Terms& terms) const { return {{terms}}; }
  template <class V>
  GRADUS_KERNEL std::array<Product<V>, count> operator()(const V& p, const V& g,
                                                         const std::array<V, N + 1>& all) const {
    std::array<Product<V>, count> r;
    std::array<V, N + 1> s = all;
    with_slots<0, N>(
        s, [&](const auto& own) GRADUS_LAMBDA { r = this->inner(More::whole(p, all[N]), g, own); });
    return r;
  }
};

/// A measure for the inner rule, of the whole parameters and its own N slots.
template <class More, class M, std::size_t N>
struct WiderMeasure {
  const M& measure;
  std::size_t span = measure.span;

  template <class Terms>
  constexpr std::array<double, Terms::count> operator()(const Terms& terms) const {
    return measure(WiderTerms<More, Terms, N>{{terms}});
  }
};

/// The inner rule's kernel, applied to the whole parameter.
template <class More, class K, std::size_t N>
struct WiderKernel : KernelAround<WiderKernel<More, K, N>, K> {
  GRADUS_KERNEL constexpr WiderKernel with(const K& kernel) const { return {{kernel}}; }
  template <class V>
    requires Kernel<K, typename V::value_type, N>
  GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, N + 1>& s) const {
    with_slots<0, N>(s, [&](auto& own) GRADUS_LAMBDA {
      V whole = More::whole(p, s[N]);
      const V step = this->inner(whole, g, own);
      More::split(whole - step, p, s[N]);
    });
    return V(typename V::value_type{0});  // the step is in p already
  }
  template <class V>
    requires MatrixKernel<K, typename V::value_type, N>
  GRADUS_KERNEL V direction(const V& p, const V& g, std::array<V, N + 1>& s) const {
    V r;
    with_slots<0, N>(s, [&](auto& own) GRADUS_LAMBDA {
      r = this->inner.direction(More::whole(p, s[N]), g, own);
    });
    return r;
  }
  template <class V>
    requires MatrixKernel<K, typename V::value_type, N>
  GRADUS_KERNEL V apply(V& p, const V& g, const V& o, std::array<V, N + 1>& s) const {
    with_slots<0, N>(s, [&](auto& own) GRADUS_LAMBDA {
      V whole = More::whole(p, s[N]);
      const V step = this->inner.apply(whole, g, o, own);
      More::split(whole - step, p, s[N]);
    });
    return V(typename V::value_type{0});
  }
  template <class M>
  static constexpr WiderMeasure<More, M, N> inner_measure(const M& measure) {
    return {measure};
  }
};

/// `Outer` is `Master` or `Compensated`. `More` says how the slot and the caller's parameter make
/// the whole one: `whole(p, slot)`, `split(whole, p, slot)`, what the slot is stored as and how it
/// starts.
template <class Outer, class R, class More>
struct Wider : Around<Outer, R> {
  static_assert(Rule<R>,
                "gradus::Master and gradus::Compensated take a rule or a chain, not a stage");
  static_assert(StoreNoParams<R>,
                "gradus::Master and gradus::Compensated stand once, inside of Stochastic and "
                "outside of all else: Stochastic{Master{rule}}");
  static constexpr RuleTraits traits = gradus::traits<R> | RuleTraits{.stores_params = true};
  static constexpr std::array<bool, slot_count<R> + 1> not_negative{};  // `stored` stands inside
  template <class T>
  using slot_types = decltype(std::tuple_cat(std::declval<slot_types_t<R, T>>(),
                                             std::tuple<typename More::template type<T>>{}));
  using Around<Outer, R>::Around;

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
    return prepare_inner<T>(c, nullptr, measure);
  }
  template <Real T, class M>
  constexpr auto prepare(const Context& c, Scalars<R> scalars, const M& measure) const
    requires HasPrepare<R, T>
  {
    return prepare_inner<T>(c, scalars.data(), measure);
  }

 private:
  template <Real T, class M>
  constexpr auto prepare_inner(const Context& c, double* scalars, const M& measure) const {
    constexpr std::size_t N = slot_count<R>;
    return WiderKernel<More, kernel_t<R, T>, N>{
        {gradus::prepare<T>(this->rule, c, scalars, WiderMeasure<More, M, N>{measure})}};
  }
};

}}}  // namespace gradus::GRADUS_ABI::detail
