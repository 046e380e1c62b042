#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Averaged SGD: SGD with a rate that falls, and an average of the parameters.
///
///   eta = rate / (1 + lambda * rate * t)^alpha
///   p <- p * (1 - lambda * eta) - eta * g
///   ax <- ax + (p - ax) / max(1, t - t0)
///
/// Domain: lambda >= 0, alpha >= 0, t0 >= 0.
/// Units: lambda is gradient / parameter; the rate is parameter^2 / loss; t0 counts steps.
/// State: one slot, ax, the average. Read it with `optimizer.slot("ax")`.
/// Traffic: 20 bytes a parameter in float (reads p, g, ax; writes p, ax).
/// Init: ax = 0; up to step t0 + 1 it is a copy of the parameters.
/// Cost: three multiplications, one comparison a parameter; one power a step.
/// Errors: lambda or alpha negative, NaN or infinite; t0 negative.
/// Source: B. T. Polyak, A. B. Juditsky, Acceleration of stochastic approximation by averaging,
///   1992; the rate: L. Bottou's, as in W. Xu, 2011.
/// Differs: as PyTorch, bit for bit where its default type is that of the parameters: it keeps eta
///   and the factor of the mean in its default type, in float also for double parameters. Its lr,
///   where a scheduler changes it, acts a step late.
struct ASGD {
  static constexpr const char* name = "ASGD";
  static constexpr const char* fields = "lambda alpha t0";
  double lambda = 1e-4;
  double alpha = 0.75;
  Length t0 = 1'000'000;

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
    const ieee base = 1.0 + ieee(lambda) * c.rate * static_cast<double>(c.t);
    const ieee eta = c.rate / ieee(math::pow(static_cast<double>(base), alpha));
    const step_t begin = t0.steps(), many = c.t > begin ? c.t - begin : 1;
    return {detail::round_to<T>(eta), detail::round_to<T>(1.0 - ieee(lambda) * eta),
            static_cast<T>(static_cast<double>(1.0 / ieee(static_cast<double>(many))))};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_length_or_0(name, "t0", t0),
                               detail::check_weight<T>(name, "lambda", lambda),
                               detail::check_weight<T>(name, "alpha", alpha));
  }
  constexpr bool operator==(const ASGD&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
