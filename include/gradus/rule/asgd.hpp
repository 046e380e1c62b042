#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Averaged SGD: SGD whose rate falls, and the mean of the parameters that it visits.
///
///   eta = rate / (1 + decay * rate * t)^power
///   p <- p * (1 - decay * eta) - eta * g
///   ax <- ax + (p - ax) / max(1, t - after)
///
/// Domain: decay >= 0, power >= 0, after >= 0.
/// Units: decay is gradient / parameter; the rate is parameter^2 / loss; after counts steps.
/// State: one slot, ax, the average. Read it with `optimizer.slot("ax")`.
/// Traffic: 20 bytes a parameter in float (reads p, g, ax; writes p, ax).
/// Init: ax = 0; up to step after + 1 it is a copy of the parameters.
/// Cost: three multiplications, one comparison a parameter; one power a step.
/// Errors: decay or power negative, NaN or infinite; after negative.
/// Source: B. T. Polyak, A. B. Juditsky, Acceleration of stochastic approximation by averaging,
///   1992; the rate: L. Bottou's, as in W. Xu, 2011.
/// Differs: as PyTorch, bit for bit where its default type is that of the parameters: it keeps eta
///   and the factor of the mean in its default type, in float also for double parameters. Its lr,
///   where a scheduler changes it, acts a step late.
struct ASGD {
  static constexpr const char* name = "ASGD";
  double decay = 1e-4;
  double power = 0.75;
  Length after = 1'000'000;

  constexpr std::array<Slot, 1> slots() const { return {{{"ax"}}}; }

  template <Real T>
  struct Kernel {
    T eta;
    detail::Factor<T> keep;
    T mu;
    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, 1>& s) const {
      auto& [ax] = s;
      p = keep * p;
      const V step = eta * g, next = p - step;
      ax = select_less(V(mu), V(T{1}), ax + limited(next - ax) * mu, next);
      return step;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    using math::ieee;
    const ieee base = 1.0 + ieee(decay) * c.rate * static_cast<double>(c.t);
    const ieee eta = c.rate / ieee(math::pow(static_cast<double>(base), power));
    const step_t begin = after.steps(), many = c.t > begin ? c.t - begin : 1;
    return {detail::round_to<T>(eta), detail::round_to<T>(1.0 - ieee(decay) * eta),
            static_cast<T>(static_cast<double>(1.0 / ieee(static_cast<double>(many))))};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_length_or_0(name, "after", after),
                               detail::check_weight<T>(name, "decay", decay),
                               detail::check_weight<T>(name, "power", power));
  }
  constexpr bool operator==(const ASGD&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
