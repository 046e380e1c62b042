#pragma once

#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/sequence.hpp>
#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/ramp.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Warmup, then a constant rate, then a decay on a curve. Short for a `Warmup` of a `Sequence`.
///
///   rate(t) = peak * (t + 1) / warmup            for t < warmup
///   rate(t) = peak                               for the next `stable` steps
///   rate(t) = end + (peak - end) * c(x)          for the next `decay` steps; x goes from 0 to 1
///   rate(t) = end                                from then on
///
/// Domain: peak, end >= 0; warmup, stable, decay >= 0, the last two not both 0; all t. A phase of 0
///   steps is skipped; if the decay is skipped, the rate stays at the peak.
/// Units: peak and end are rates; the lengths are numbers of steps, warmup + stable + decay in all.
/// Cost: two comparisons, and the cost of the curve.
/// Errors: those of `Warmup`, `For`, `Constant` and `Ramp` in a `Sequence`.
/// Source: S. Hu et al., MiniCPM: unveiling the potential of small language models, 2024; the
///   curves: A. Hägele et al., Scaling laws and compute-optimal training beyond fixed training
///   durations, 2024.
/// Differs: to change the warmup, set fields of the result: s.from = 0 begins at 0, and s.from =
///   end / peak begins at Hugging Face's min_lr_ratio; s.curve is the warmup's curve. Curve::root
///   is Hugging Face's 1-sqrt, and llm.c's decay over the last fifth of all steps.
/// Example: warmup_stable_decay(0.1, 100, 600, 300)
template <Real T = double>
constexpr auto warmup_stable_decay(real<T> peak, Length warmup, Length stable, Length decay,
                                   real<T> end = 0, Curve curve = Curve::linear) {
  return Warmup{warmup, Sequence{For{stable, Constant<T>{peak}}, Ramp<T>{peak, end, decay, curve}}};
}

}}  // namespace gradus::GRADUS_ABI
