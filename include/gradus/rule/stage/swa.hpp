#pragma once

#include <array>

#include <gradus/concept/slot.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage, stochastic weight averaging: keeps the mean of the parameters at some steps, for
/// evaluation.
///
///   at t = start, start + every, start + 2 every, ...:  k = (t - start) / every
///   average <- k / (k + 1) * average + 1 / (k + 1) * (p - step)
///
/// Domain: start >= 0, every > 0.
/// Units: steps; the average is in units of the parameter.
/// State: one slot, average. Read it with `optimizer.slot("SWA.average")`.
/// Traffic: 8 bytes a parameter in float (reads and writes the average), at every step.
/// Init: average = p at construction.
/// Cost: two multiplications, one addition, one subtraction a parameter.
/// Errors: start negative; every 0 or negative; an optimizer made for a number of parameters rather
///   than for the parameters.
/// Source: P. Izmailov et al., Averaging weights leads to wider optima and better generalization,
///   2018.
/// Differs: the number of the mean follows from the step, so that nothing is to be counted. As
///   PyTorch's AveragedModel except for rounding.
struct SWA {
  static constexpr const char* name = "SWA";
  static constexpr const char* fields = "start every";
  static constexpr RuleTraits traits{.only_reads = true};
  Length start = 0;
  Length every = 1;

  constexpr std::array<Slot, 1> slots() const { return {{{"average", 0, Slot::From::params}}}; }

  template <Real T>
  constexpr Ema::Kernel<T> prepare(const Context& c) const {
    const step_t since = c.t - start.steps(), period = every.steps();
    if (c.t < start.steps() || period == 0 || since % period != 0) return {T{1}, T{0}};
    const math::ieee k = static_cast<double>(since / period);
    return {static_cast<T>(static_cast<double>(k / (k + 1.0))),
            static_cast<T>(static_cast<double>(1.0 / (k + 1.0)))};
  }
  constexpr Fault check() const {
    return detail::first_fault(detail::check_length_or_0(name, "start", start),
                               detail::check_length(name, "every", every));
  }
  constexpr bool operator==(const SWA&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
