#pragma once

#include <array>
#include <span>

#include <gradus/concept/kernel.hpp>
#include <gradus/concept/slot.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// MARS, its element-wise form: AdamW on gradients that are corrected by how they changed since the
/// last step, which reduces their variance.
///
///   c = g + gamma * beta1 / (1 - beta1) * (g - previous);  c = g at the first step
///   c <- c * min(1, max_norm / |c|) for each span (a layer's tensor);  previous <- g
///   p <- AdamW's step on c
///
/// Domain: gamma >= 0; max_norm > 0, infinite for none; the rest as AdamW. A norm that is not
///   finite clips nothing.
/// Units: gamma is a plain number; max_norm and previous are in units of the gradient; the rest as
///   AdamW.
/// State: three slots, m, v and previous.
/// Traffic: 44 bytes a parameter in float (a pass that reads g and previous; reads p, g, m, v,
///   previous; writes p, m, v, previous); 36 where max_norm is infinite.
/// Init: m = v = previous = 0.
/// Cost: as AdamW, and two multiplications and two additions a parameter; one norm for each span.
/// Errors: as AdamW; gamma negative, NaN or infinite; max_norm NaN, zero or negative.
/// Source: H. Yuan et al., MARS: unleashing the power of variance reduction for training large
///   models, 2024; the approximate form, which takes the last step's gradient as it was.
/// Differs: weight decay first and then the step, as AdamW; the authors' code takes both from the
///   old parameter, and its first step counts the missing gradient as 0 (timm does not).
struct MARS {
  static constexpr const char* name = "MARS";
  static constexpr const char* fields = "gamma beta1 beta2 eps weight_decay max_norm";
  double gamma = 0.025;
  double beta1 = 0.95;
  double beta2 = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;
  double max_norm = 1;

  static constexpr std::array<bool, 3> not_negative{false, true, false};
  constexpr std::array<Slot, 3> slots() const { return {{{"m"}, {"v"}, {"previous"}}}; }

  template <Real T>
  struct Kernel {
    AdamW::Kernel<T> adamw;
    T gain, factor;
    double max_norm;

    template <class V>
    GRADUS_KERNEL V corrected(const V& g, const V& previous) const {
      return squarable(g + gain * (g - previous));
    }
    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, 3>& s) const {
      auto& [m, v, previous] = s;
      std::array<V, 2> moments{m, v};
      const V h = squarable(g), step = adamw(p, factor * corrected(h, previous), moments);
      m = moments[0], v = moments[1], previous = h;
      return step;
    }
    struct Corrected {
      static constexpr std::size_t count = 1;
      Kernel kernel;
      template <class V>
      GRADUS_KERNEL std::array<Product<V>, 1> operator()(const V&, const V& g,
                                                         const std::array<V, 3>& s) const {
        const V c = kernel.corrected(squarable(g), s[2]);
        return {Product<V>{c, c}};
      }
    };
    template <class M>
    constexpr Kernel for_span(std::span<double>, const M& measure) const {
      Kernel r = *this;
      if (!math::is_finite(max_norm)) return r;
      const double norm = detail::norms<T>(measure, Corrected{*this})[0];
      r.factor = static_cast<T>(detail::clip_factor(norm, max_norm));
      return r;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const math::ieee gain = math::ieee(gamma) * beta1 / (1.0 - math::ieee(beta1));
    return {adamw().template prepare<T>(c), c.t == 0 ? T{0} : detail::round_to<T>(gain), T{1},
            max_norm};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_weight<T>(name, "gamma", gamma),
                               adamw().template check_as<T>(name),
                               detail::check_limit(name, "max_norm", max_norm));
  }
  constexpr bool operator==(const MARS&) const = default;

 private:
  constexpr AdamW adamw() const { return {beta1, beta2, eps, weight_decay}; }
};

}}  // namespace gradus::GRADUS_ABI
