// helper header
// The kernel that a chain's `prepare` returns: the kernels of its parts, run one after another on
// the same registers, so that a chain is one sweep over memory.
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

/// The sum of the first `many` of these numbers.
constexpr std::size_t sum_of_first(std::size_t many, std::initializer_list<std::size_t> numbers) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < many; ++i) sum += numbers.begin()[i];
  return sum;
}

/// Where the share of part I begins among a chain's slots and scalars. For I = the number of parts
/// it is how many there are in all.
template <class Parts>
struct Offsets;
template <class... Parts>
struct Offsets<std::tuple<Parts...>> {
  template <std::size_t I>
  static constexpr std::size_t slots = sum_of_first(I, {slot_count<Parts>...});
  template <std::size_t I>
  static constexpr std::size_t scalars = sum_of_first(I, {scalar_count<Parts>...});
  template <std::size_t I>
  static constexpr std::size_t span_scalars = sum_of_first(I, {span_scalar_count<Parts>...});
};

template <class Parts>
inline constexpr bool any_matrix_rule = false;
template <class... Parts>
inline constexpr bool any_matrix_rule<std::tuple<Parts...>> = (is_matrix_rule<Parts> || ...);

template <class Parts, class... Kernels>
struct ChainKernel;
template <class M, class Make, class Parts, class... Kernels>
constexpr auto chain_kernel(const M& measure, const Make& make,
                            const ChainKernel<Parts, Kernels...>& before);

/// The kernels of the first parts of a chain; of all of them once the chain is prepared. `Parts` is
/// the tuple of the parts, and part I has kernel I.
///
/// It is a kernel itself: the kernels take one step together, and it has `for_span` and
/// `at_element` where one of them has. It has no keys, because a chain refuses `Stochastic`.
template <class Parts, class... Kernels>
struct ChainKernel {
  /// The number of slots of the whole chain.
  static constexpr std::size_t slots = Offsets<Parts>::template slots<std::tuple_size_v<Parts>>;
  /// Whether the rule of the chain is one for matrices.
  static constexpr bool for_matrices = any_matrix_rule<Parts>;
  std::tuple<Kernels...> kernels;

  /// The step of the chain.
  template <class V>
  GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, slots>& s) const
    requires(!for_matrices)
  {
    V seen = g, step = g;
    run(p, g, seen, step, s);
    return step;
  }
  /// Runs all kernels. `seen` begins as the raw gradient g and becomes the one that the gradient
  /// stages make of it, which the rule sees. `step` becomes the rule's step, and then what the step
  /// stages make of it; these see the raw gradient.
  template <class V>
  GRADUS_KERNEL void run(V& p, const V& g, V& seen, V& step, std::array<V, slots>& s) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) GRADUS_LAMBDA {
      (run_part<I>(p, g, seen, step, s), ...);
    }(std::index_sequence_for<Kernels...>{});
  }
  /// The first sweep of a rule for matrices runs the gradient stages and the rule, the second one
  /// the rule and the step stages.
  template <class V>
  GRADUS_KERNEL V direction(const V& p, const V& g, std::array<V, slots>& s) const
    requires for_matrices
  {
    V seen = g, u = g;
    each_part(
        s, [&]<class Part>(std::type_identity<Part>, const auto& kernel, auto& own) GRADUS_LAMBDA {
          if constexpr (is_matrix_rule<Part>)
            u = kernel.direction(p, seen, own);
          else if constexpr (is_gradient_stage<Part>)
            seen = kernel.gradient(p, seen, own);
        });
    return u;
  }
  template <class V>
  GRADUS_KERNEL V apply(V& p, const V& g, const V& o, std::array<V, slots>& s) const
    requires for_matrices
  {
    V step = o;
    each_part(
        s, [&]<class Part>(std::type_identity<Part>, const auto& kernel, auto& own) GRADUS_LAMBDA {
          if constexpr (is_matrix_rule<Part>)
            step = kernel.apply(p, g, o, own);
          else if constexpr (is_step_stage<Part>)
            step = kernel.step(p, g, step, own);
        });
    return step;
  }
  template <class Task>
  ChainKernel for_matrix(const Task& task) const {
    ChainKernel r = *this;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto transform = [&]<class Part>(std::type_identity<Part>, auto& kernel) {
        if constexpr (is_matrix_rule<Part>) kernel = kernel.for_matrix(task);
      };
      (transform(std::type_identity<std::tuple_element_t<I, Parts>>{}, std::get<I>(r.kernels)),
       ...);
    }(std::index_sequence_for<Kernels...>{});
    return r;
  }
  GRADUS_KERNEL constexpr ChainKernel at_element(std::uint64_t i) const
    requires(HasAtElement<Kernels> || ...)
  {
    return std::apply([&](const Kernels&... k)
                          GRADUS_LAMBDA { return ChainKernel{{gradus::at_element(k, i)...}}; },
                      kernels);
  }
  /// The kernels for one span, of the parts that have norms or scalars of their own there.
  template <class M>
  constexpr ChainKernel for_span(std::span<double> scalars, const M& measure) const
    requires(HasForSpan<Kernels> || ...)
  {
    const auto make = [&](auto i, const auto& behind, const auto&) {
      const auto& kernel = std::get<i>(kernels);
      if constexpr (HasForSpan<std::tuple_element_t<i, std::tuple<Kernels...>>>) {
        constexpr std::size_t first = Offsets<Parts>::template span_scalars<i>;
        constexpr std::size_t count = span_scalar_count<std::tuple_element_t<i, Parts>>;
        return kernel.for_span(scalars.subspan(first, count), behind);
      } else {
        return kernel;
      }
    };
    return chain_kernel(measure, make, ChainKernel<Parts>{});
  }

 private:
  // f(type of the part, its kernel, its slots) for each part.
  template <class V, class F>
  GRADUS_KERNEL void each_part(std::array<V, slots>& s, const F& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) GRADUS_LAMBDA {
      (with_slots<Offsets<Parts>::template slots<I>, slot_count<std::tuple_element_t<I, Parts>>>(
           s,
           [&](auto& own) GRADUS_LAMBDA {
             f(std::type_identity<std::tuple_element_t<I, Parts>>{}, std::get<I>(kernels), own);
           }),
       ...);
    }(std::index_sequence_for<Kernels...>{});
  }
  // Runs kernel I on the slots of its part.
  template <std::size_t I, class V>
  GRADUS_KERNEL void run_part(V& p, const V& g, V& seen, V& step, std::array<V, slots>& s) const {
    using Part = std::tuple_element_t<I, Parts>;
    const auto& kernel = std::get<I>(kernels);
    with_slots<Offsets<Parts>::template slots<I>, slot_count<Part>>(
        s, [&](auto& own) GRADUS_LAMBDA {
          if constexpr (is_rule<Part>) {
            step = kernel(p, seen, own);
          } else if constexpr (is_gradient_stage<Part>) {
            seen = kernel.gradient(p, seen, own);
          } else {
            step = kernel.step(p, g, step, own);
          }
        });
  }
};

/// The terms of part I's measure, given what the part sees: the gradient as the kernels before it
/// leave it, for a step stage also their step, and the part's own slots. The slots that those
/// kernels change are copies, because a measure changes nothing.
template <class Before, class Part, std::size_t FirstSlot, class Terms>
struct TermsBehind {
  static_assert(!Before::for_matrices || !is_step_stage<Part>,
                "gradus: a step stage that takes sums over the steps (Cautious, Mechanic) cannot "
                "stand behind a rule for matrices, whose steps are made one matrix after another");
  static constexpr std::size_t count = Terms::count;
  Before before;
  Terms terms;

  template <class V>
  GRADUS_KERNEL std::array<Product<V>, count> operator()(
      const V& p, const V& g, const std::array<V, Before::slots>& all) const {
    std::array<V, Before::slots> s = all;
    V moved = p, seen = g, step = g;
    before.run(moved, g, seen, step, s);
    std::array<Product<V>, count> r;
    with_slots<FirstSlot, slot_count<Part>>(s, [&](const auto& own) GRADUS_LAMBDA {
      if constexpr (is_step_stage<Part>) {
        r = terms(moved, g, step, own);
      } else {
        r = terms(p, seen, own);
      }
    });
    return r;
  }
  GRADUS_KERNEL constexpr TermsBehind at_element(std::uint64_t i) const
    requires(HasAtElement<Before> || HasAtElement<Terms>)
  {
    return {gradus::at_element(before, i), gradus::at_element(terms, i)};
  }
};

/// The measure that a part of a chain is given: it sees what the kernels before the part leave.
template <class M, class Before, class Part, std::size_t FirstSlot>
struct MeasureBehind {
  const M& measure;
  const Before& before;
  std::size_t span = measure.span;

  template <class Terms>
  constexpr std::array<double, Terms::count> operator()(const Terms& terms) const {
    return measure(TermsBehind<Before, Part, FirstSlot, Terms>{before, terms});
  }
};

/// Makes the kernels of a chain in order, because each part's measure sees what the parts before it
/// leave: `make(I, measure, before)` gives the kernel of part I.
template <class M, class Make, class Parts, class... Kernels>
constexpr auto chain_kernel(const M& measure, const Make& make,
                            const ChainKernel<Parts, Kernels...>& before) {
  constexpr std::size_t I = sizeof...(Kernels);
  if constexpr (I == std::tuple_size_v<Parts>) {
    return before;
  } else {
    using Behind = MeasureBehind<M, ChainKernel<Parts, Kernels...>, std::tuple_element_t<I, Parts>,
                                 Offsets<Parts>::template slots<I>>;
    const auto kernel =
        make(std::integral_constant<std::size_t, I>{}, Behind{measure, before}, before);
    using K = std::remove_const_t<decltype(kernel)>;
    return chain_kernel(
        measure, make,
        ChainKernel<Parts, Kernels..., K>{std::tuple_cat(before.kernels, std::tuple<K>(kernel))});
  }
}

}}}  // namespace gradus::GRADUS_ABI::detail
