#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concepts.hpp>

namespace gradus::inline GRADUS_ABI {

namespace detail {

template <class P>
inline constexpr bool is_gradient_stage = GradientStage<P, float>;
template <class P>
inline constexpr bool is_step_stage = StepStage<P, float>;
template <class P>
inline constexpr bool is_rule = Rule<P, float>;

template <class... Parts>
constexpr bool in_order() {
  bool after = false, good = true;
  const auto look = [&](bool rule, bool step_stage) {
    good = good && (rule || step_stage == after);
    after = after || rule;
  };
  (look(is_rule<Parts>, is_step_stage<Parts>), ...);
  return good;
}

/// Where the part's share of a chain's slots, scalars or span scalars begins.
template <std::size_t I, std::size_t... Counts>
constexpr std::size_t offset() {
  constexpr std::array<std::size_t, sizeof...(Counts) + 1> counts{Counts..., 0};
  std::size_t at = 0;
  for (std::size_t i = 0; i < I; ++i) at += counts[i];
  return at;
}

/// Runs f on a part's own slots: they are copied out and in, and never leave their registers.
template <std::size_t At, std::size_t Count, class V, std::size_t N, class F>
GRADUS_KERNEL V with_slots(std::array<V, N>& s, const F& f) {
  return [&]<std::size_t... J>(std::index_sequence<J...>) __attribute__((always_inline)) {
    std::array<V, Count> own{s[At + J]...};
    const V r = f(own);
    ((s[At + J] = own[J]), ...);
    return r;
  }(std::make_index_sequence<Count>{});
}

}  // namespace detail

template <class... Parts>
concept ExactlyOneRule = (static_cast<int>(detail::is_rule<Parts>) + ...) == 1;
template <class... Parts>
concept OnlyStagesBesideIt =
    ((detail::is_rule<Parts> || detail::is_gradient_stage<Parts> || detail::is_step_stage<Parts>) && ...);
template <class... Parts>
concept GradientStagesThenRuleThenStepStages = detail::in_order<Parts...>();

/// Gradient stages, exactly one rule, step stages: in this order, in one fused sweep.
///
///   g <- stage(p, g) for each gradient stage;  step <- rule(p, g);  step <- stage(p, step) for each step stage;  p <- p - step
///
/// Domain: each part's.
/// Units: each part's.
/// State: the parts' slots, one after another, named "Part.slot" ("Adam.m", "Ema.average"; a second Ema is "Ema2.average").
/// Traffic: the sum of what the parts' slots and measuring passes move, and p and g once.
/// Init: each part's.
/// Cost: the sum of the parts'; one sweep.
/// Errors: the first part's fault; at compile time, no rule, two rules, or stages in the wrong place.
/// Source: optax' chain has the idea; there each stage sweeps memory and counts steps by itself.
/// Differs: step stages see the gradient as it came from the caller.
template <class... Parts>
  requires OnlyStagesBesideIt<Parts...> && ExactlyOneRule<Parts...> && GradientStagesThenRuleThenStepStages<Parts...>
struct Chain {
  static constexpr const char* name = "Chain";
  std::tuple<Parts...> parts;

  constexpr explicit Chain(Parts... p) : parts(std::move(p)...) {}

  constexpr auto slots() const
    requires(HasSlots<Parts> || ...)
  {
    return gather<Slot, (slot_count<Parts> + ...)>([](const auto& p) {
      if constexpr (slot_count<std::remove_cvref_t<decltype(p)>> > 0) return p.slots();
      else return std::array<Slot, 0>{};
    });
  }
  constexpr auto scalars() const
    requires(HasScalars<Parts> || ...)
  {
    return gather<Scalar, (scalar_count<Parts> + ...)>([](const auto& p) {
      if constexpr (scalar_count<std::remove_cvref_t<decltype(p)>> > 0) return p.scalars();
      else return std::array<Scalar, 0>{};
    });
  }
  constexpr auto span_scalars() const
    requires(HasSpanScalars<Parts> || ...)
  {
    return gather<Scalar, (span_scalar_count<Parts> + ...)>([](const auto& p) {
      if constexpr (span_scalar_count<std::remove_cvref_t<decltype(p)>> > 0) return p.span_scalars();
      else return std::array<Scalar, 0>{};
    });
  }

  /// The parts as they are at update t.
  constexpr auto at(step_t t) const
    requires(HasAt<Parts> || ...)
  {
    return std::apply([&](const Parts&... p) { return gradus::Chain(rule_at(p, t)...); }, parts);
  }
  template <Real T = double>
  constexpr Fault check() const {
    Fault fault;
    std::apply([&](const Parts&... p) { ((fault = fault ? fault : fault_of<T>(p)), ...); }, parts);
    return fault;
  }

  template <class... Ks>
  struct Prepared;  // the prepared parts, from the first on

  template <Real T, class M>
  constexpr auto prepare(const Context& c, std::span<double, (scalar_count<Parts> + ...)> scalars, const M& measure) const
    requires(HasScalars<Parts> || ...)
  {
    return prepare_from<T, 0>(c, std::span<double>(scalars), measure, Prepared<>{});
  }
  template <Real T, class M>
  constexpr auto prepare(const Context& c, const M& measure) const
    requires(!HasScalars<Parts> && ...)
  {
    return prepare_from<T, 0>(c, std::span<double>(), measure, Prepared<>{});
  }
  constexpr bool operator==(const Chain&) const = default;

 private:
  template <class Item, std::size_t N, class F>
  constexpr std::array<Item, N> gather(const F& items_of) const {
    std::array<Item, N> r{};
    std::size_t at = 0;
    std::array<Name, sizeof...(Parts)> seen{};
    std::size_t part = 0;
    const auto add = [&](const auto& p) {
      const Name own = std::remove_cvref_t<decltype(p)>::name;
      char nth = '1';
      for (std::size_t i = 0; i < part; ++i) nth = static_cast<char>(seen[i] == own ? nth + 1 : nth);
      seen[part++] = own;
      for (Item item : items_of(p)) {
        Name full = own;
        if (nth > '1') full.append({&nth, 1});
        item.name = full.append(".").append(item.name.view());
        r[at++] = item;
      }
    };
    std::apply([&](const Parts&... p) { (add(p), ...); }, parts);
    return r;
  }

  // Each part is prepared with a measure that sees the gradients as the parts before it leave them.
  template <Real T, std::size_t I, class M, class... Ks>
  constexpr auto prepare_from(const Context& c, std::span<double> scalars, const M& measure, const Prepared<Ks...>& done) const {
    if constexpr (I == sizeof...(Parts)) {
      return done;
    } else {
      using Part = std::tuple_element_t<I, std::tuple<Parts...>>;
      const Scalars<Part> own{scalars.data() + detail::offset<I, scalar_count<Parts>...>(), scalar_count<Part>};
      const typename Prepared<Ks...>::template Through<M> through{measure, done};
      const auto k = gradus::prepare<T>(std::get<I>(parts), c, own, through);
      return prepare_from<T, I + 1>(c, scalars, measure, done.with(k));
    }
  }

 public:
  template <class... Ks>
  struct Prepared {
    static constexpr std::size_t N = (slot_count<Parts> + ...);
    std::tuple<Ks...> kernels;

    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, N>& s) const {
      return run(p, g, s, std::index_sequence_for<Ks...>{});
    }
    /// The gradient after all gradient stages prepared so far.
    template <class V>
    GRADUS_KERNEL V gradient(const V& p, const V& g, std::array<V, N>& s) const {
      V r = g;
      [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
        ((r = stage<I>(p, r, s)), ...);
      }(std::index_sequence_for<Ks...>{});
      return r;
    }

    template <class K>
    constexpr Prepared<Ks..., K> with(const K& k) const {
      return {std::tuple_cat(kernels, std::tuple<K>(k))};
    }

    /// A measure of what the part after these sees.
    template <class M>
    struct Through {
      const M& measure;
      const Prepared& before;
      template <class Terms>
      struct Composed {
        static constexpr std::size_t count = Terms::count;
        Prepared before;
        Terms terms;
        template <class V>
        GRADUS_KERNEL std::array<Product<V>, count> operator()(const V& p, const V& g, const std::array<V, N>& slots) const {
          std::array<V, N> s = slots;
          const V seen = before.gradient(p, g, s);
          constexpr std::size_t I = sizeof...(Ks);
          return [&]<std::size_t... J>(std::index_sequence<J...>) __attribute__((always_inline)) {
            const std::array<V, sizeof...(J)> own{s[at<I>() + J]...};
            return terms(p, seen, own);
          }(std::make_index_sequence<slots_of<I>()>{});
        }
      };
      template <class Terms>
      constexpr std::array<double, Terms::count> operator()(const Terms& terms) const {
        return measure(Composed<Terms>{before, terms});
      }
    };

    /// The kernels for one span, where a part has norms or scalars of its own there.
    template <class M>
    constexpr Prepared for_span(std::span<double> scalars, const M& measure) const
      requires(HasForSpan<Ks> || ...)
    {
      Prepared r = *this;
      [&]<std::size_t... I>(std::index_sequence<I...>) { (for_span<I>(r, scalars, measure), ...); }(std::index_sequence_for<Ks...>{});
      return r;
    }

   private:
    template <std::size_t I>
    using Part = std::tuple_element_t<I, std::tuple<Parts...>>;
    template <std::size_t I>
    static constexpr std::size_t at() {
      return detail::offset<I, slot_count<Parts>...>();
    }
    template <std::size_t I>
    static constexpr std::size_t slots_of() {
      return slot_count<Part<I>>;
    }

    template <class V, std::size_t... I>
    GRADUS_KERNEL V run(V& p, const V& g, std::array<V, N>& s, std::index_sequence<I...>) const {
      const V seen = gradient(p, g, s);
      V step = g;
      ((step = take<I>(p, g, seen, step, s)), ...);
      return step;
    }
    template <std::size_t I, class V>
    GRADUS_KERNEL V stage(const V& p, const V& g, std::array<V, N>& s) const {
      if constexpr (detail::is_gradient_stage<Part<I>>) {
        return detail::with_slots<at<I>(), slots_of<I>()>(
            s, [&](auto& own) __attribute__((always_inline)) { return std::get<I>(kernels).gradient(p, g, own); });
      } else {
        return g;
      }
    }
    template <std::size_t I, class V>
    GRADUS_KERNEL V take(V& p, const V& g, const V& seen, const V& step, std::array<V, N>& s) const {
      if constexpr (detail::is_rule<Part<I>>) {
        return detail::with_slots<at<I>(), slots_of<I>()>(
            s, [&](auto& own) __attribute__((always_inline)) { return std::get<I>(kernels)(p, seen, own); });
      } else if constexpr (detail::is_step_stage<Part<I>>) {
        return detail::with_slots<at<I>(), slots_of<I>()>(
            s, [&](auto& own) __attribute__((always_inline)) { return std::get<I>(kernels).step(p, g, step, own); });
      } else {
        return step;
      }
    }
    template <std::size_t I, class M>
    static constexpr void for_span(Prepared& r, std::span<double> scalars, const M& measure) {
      if constexpr (HasForSpan<std::tuple_element_t<I, std::tuple<Ks...>>>) {
        const std::span<double> own = scalars.subspan(detail::offset<I, span_scalar_count<Parts>...>(), span_scalar_count<Part<I>>);
        [&]<std::size_t... J>(std::index_sequence<J...>) {
          using Before = Prepared<std::tuple_element_t<J, std::tuple<Ks...>>...>;
          const Before before{std::tuple<std::tuple_element_t<J, std::tuple<Ks...>>...>(std::get<J>(r.kernels)...)};
          const typename Before::template Through<M> through{measure, before};
          std::get<I>(r.kernels) = std::get<I>(r.kernels).for_span(own, through);
        }(std::make_index_sequence<I>{});
      }
    }
  };
};

}  // namespace gradus::inline GRADUS_ABI
