#pragma once

#include <array>
#include <span>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage: sets the step to 0 where its sign disagrees with the gradient, and rescales the rest
/// to keep the mean size of the steps.
///
///   mask = 1 where step * g > 0, else 0;  c = number of ones, n = number of elements, of each span
///   step <- step * mask * n / max(c + plus, floor * n);  step * mask if not `rescale`
///
/// Domain: floor in [0, 1], plus >= 0. Where that divides by 0, the mask is 0 as well, and so is
///   the step. g is the gradient as it came from the caller. Not with slots in blocks of 8 bits.
/// Units: none.
/// State: none.
/// Traffic: a pass that reads what the rule reads; none if not `rescale`.
/// Init: nothing.
/// Cost: six comparisons and three multiplications a parameter; with `rescale` also the rule's
///   arithmetic, a second time, because the mask's mean must be known before the first step is
///   taken.
/// Errors: floor NaN or outside [0, 1]; plus negative, NaN or infinite.
/// Source: K. Liang et al., Cautious optimizers: improving training with one line of code, 2024.
/// Differs: as timm. The authors' factor n / (c + 1), which halves the step of a lone parameter, is
///   `.floor = 0, .plus = 1`. Their `tensor` is a span here.
struct Cautious {
  static constexpr const char* name = "Cautious";
  static constexpr const char* fields = "floor plus rescale";
  double floor = 1e-3;
  double plus = 0;
  bool rescale = true;

  template <Real T>
  struct Kernel {
    double floor, plus;
    bool rescale;
    T factor = 1;

    // A step that is NaN stays NaN.
    template <class V, std::size_t N>
    GRADUS_KERNEL V step(const V&, const V& g, const V& step, std::array<V, N>&) const {
      return factor * agrees(g, step) * limited(step);
    }
    template <class V>
    GRADUS_KERNEL static V agrees(const V& g, const V& step) {
      return max(V(T{0}), sign(g) * sign(step));
    }
    struct Counts {
      static constexpr std::size_t count = 2;
      template <class V, std::size_t N>
      GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V&, const V& g, const V& step,
                                                         const std::array<V, N>&) const {
        const V one(T{1});
        return {Product<V>{agrees(g, step), one}, Product<V>{one, one}};
      }
    };
    template <class M>
    constexpr Kernel for_span(std::span<double>, const M& measure) const {
      if (!rescale) return *this;
      using math::ieee;
      const auto [agreeing, all] = measure(Counts{});
      const double counted = static_cast<double>(ieee(agreeing) + plus);
      const double least = static_cast<double>(ieee(floor) * all);
      const double divisor = counted > least ? counted : least;
      return {floor, plus, rescale, divisor > 0 ? detail::round_to<T>(ieee(all) / divisor) : T{1}};
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {floor, plus, rescale};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_fraction(name, "floor", floor),
                               detail::check_weight<double>(name, "plus", plus));
  }
  constexpr bool operator==(const Cautious&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
