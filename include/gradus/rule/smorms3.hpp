#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// SMORMS3: RMSprop that finds its memory and its rate for each parameter from how steady the
/// gradient is. The rate of the schedule is an upper bound.
///
///   r = 1 / (memory + 1)
///   m <- (1 - r) * m + r * g;  v <- (1 - r) * v + r * g^2
///   x = m^2 / (v + eps)
///   p <- p - min(x, rate) * g / (sqrt(v) + eps)
///   memory <- 1 + memory * (1 - x);  with min(x, rate) if `capped`
///
/// Domain: eps > 0.
/// Units: m is in units of the gradient, v of its square, memory in steps; the rate is in units of
///   the parameter. eps is added to both: gradients below it do not count.
/// State: three slots, memory, m and v.
/// Traffic: 36 bytes a parameter in float (reads p, g, memory, m, v; writes p and the slots).
/// Init: memory = 1, m = v = 0.
/// Cost: one square root and three divisions a parameter.
/// Errors: eps zero, negative, NaN, infinite, or zero once rounded to the parameters' type.
/// Source: S. Funk, RMSprop loses to SMORMS3: beware the epsilon!, 2015.
/// Differs: as Chainer. ensmallen caps x by the rate for the memory as well: `.capped = true`.
struct SMORMS3 {
  static constexpr const char* name = "SMORMS3";
  static constexpr const char* fields = "eps capped";
  double eps = 1e-16;
  bool capped = false;

  static constexpr std::array<bool, 3> not_negative{true, false, true};
  constexpr std::array<Slot, 3> slots() const { return {{{"memory", 1}, {"m"}, {"v"}}}; }

  template <Real T>
  struct Kernel {
    T rate, eps, cap;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 3>& s) const {
      auto& [memory, m, v] = s;
      const V r = T{1} / (memory + T{1}), keep = T{1} - r;
      const V h = squarable(g);
      m = keep * m + r * h;
      v = keep * v + (r * h) * h;
      const V x = m * m / (v + eps);
      memory = memory * (T{1} - min(V(cap), x)) + T{1};
      return min(V(rate), x) * h / (sqrt(v) + eps);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const T rate = static_cast<T>(c.rate);
    // x is at most 1, but for rounding; a memory that shrank below 1 would be none.
    return {rate, static_cast<T>(eps), capped && rate < T{1} ? rate : T{1}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::check_divisor<T>(name, "eps", eps);
  }
  constexpr bool operator==(const SMORMS3&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
