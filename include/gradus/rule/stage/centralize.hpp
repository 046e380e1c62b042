#pragma once

#include <array>
#include <span>

#include <gradus/concept/stage.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stage: subtracts from the gradients of each span (a layer's tensor) their mean.
///
///   g <- g - sum of g over the span / number of its elements
///
/// Domain: a mean that is not finite, also in the parameters' type, counts as 0.
/// Units: those of the gradient.
/// State: none.
/// Traffic: 4 bytes a parameter in float (one more read of g).
/// Init: nothing.
/// Cost: one subtraction a parameter; one sum for each span.
/// Errors: none.
/// Source: H. Yong et al., Gradient centralization: a new optimization technique for deep neural
///   networks, 2020.
/// Differs: the paper takes the mean of every row of a weight matrix (its units) by itself, and
///   leaves out vectors: pass the rows as spans, and `Only` the stage where it belongs.
struct Centralize {
  static constexpr const char* name = "Centralize";

  template <Real T>
  struct Kernel {
    T mean = 0;
    template <class V, std::size_t N>
    GRADUS_KERNEL V gradient(const V&, const V& g, std::array<V, N>&) const {
      return limited(g - mean);
    }
    struct SumAndCount {
      static constexpr std::size_t count = 2;
      template <class V, std::size_t N>
      GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V&, const V& g,
                                                         const std::array<V, N>&) const {
        const V one(T{1});
        return {Product<V>{g, one}, Product<V>{one, one}};
      }
    };
    template <class M>
    constexpr Kernel for_span(std::span<double>, const M& measure) const {
      const auto [sum, count] = measure(SumAndCount{});
      const T mean_of_span = static_cast<T>(static_cast<double>(math::ieee(sum) / count));
      return {math::is_finite(mean_of_span) ? mean_of_span : T{0}};
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {};
  }
  constexpr bool operator==(const Centralize&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
