#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stage: L2 regularisation, coupled weight decay.
///
///   g <- g + weight_decay * p
///
/// Domain: weight_decay >= 0.
/// Units: weight_decay is gradient / parameter.
/// State: none.
/// Traffic: none of its own.
/// Init: nothing.
/// Cost: one multiplication and one addition a parameter.
/// Errors: weight_decay negative, NaN or infinite.
/// Source: A. Krogh, J. Hertz, A simple weight decay can improve generalization, 1991.
/// Differs: the `weight_decay` of PyTorch's SGD, Adagrad, RMSprop and Adam (not AdamW), bit for
///   bit.
struct L2 {
  static constexpr const char* name = "L2";
  static constexpr const char* fields = "weight_decay";
  double weight_decay = 0;

  template <Real T>
  struct Kernel {
    T weight_decay;
    template <class V, std::size_t N>
    GRADUS_KERNEL V gradient(const V& p, const V& g, std::array<V, N>&) const {
      return limited(g + weight_decay * p);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {static_cast<T>(weight_decay)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_weight<T>(name, "weight_decay", weight_decay);
  }
  constexpr bool operator==(const L2&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
