#pragma once

#include <array>
#include <span>

#include <gradus/concept/slot.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/math/real.hpp>
#include <gradus/rule/dog.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// LDoG: DoG for each span (a layer's tensor) by itself.
///
///   for each span: r <- max(r, |p - start|), at the first step reps_rel * (1 + |p|)
///                  G <- G + |g|^2
///   p <- p - rate * r / sqrt(G + eps) * g
///
/// Domain: as DoG. A span's norm that is not finite counts as 0.
/// Units: as DoG.
/// State: one slot, start; for each span two scalars, r ("distance") and G ("sum").
/// Traffic: 32 bytes a parameter in float (a pass that reads p, g, start; reads p, g, start; writes
///   p, start).
/// Init: start = p at construction, r = G = 0.
/// Cost: one multiplication a parameter; two norms and two roots for each span.
/// Errors: as DoG.
/// Source: M. Ivgi, O. Hinder, Y. Carmon, DoG is SGD's best friend: a parameter-free dynamic step
///   size schedule, 2023.
/// Differs: as the authors' code. The norms of one step are over a span only: one flat vector for
///   the whole network is `DoG`.
struct LDoG {
  static constexpr const char* name = "LDoG";
  static constexpr const char* fields = "reps_rel eps";
  double reps_rel = 1e-6;
  double eps = 1e-8;

  constexpr std::array<Slot, 1> slots() const { return dog().slots(); }
  constexpr std::array<Scalar, 2> span_scalars() const { return dog().scalars(); }

  template <Real T>
  struct Kernel : SGD::Kernel<T> {
    DoG dog;
    double rate;
    template <class M>
    constexpr Kernel for_span(std::span<double> scalars, const M& measure) const {
      return {{dog.template step_size<T>(rate, scalars, measure)}, dog, rate};
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {{T{0}}, dog(), c.rate};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return dog().check_as(name);
  }
  constexpr bool operator==(const LDoG&) const = default;

 private:
  constexpr DoG dog() const { return {reps_rel, eps}; }
};

}}  // namespace gradus::GRADUS_ABI
