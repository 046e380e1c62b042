#pragma once

#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/sequence.hpp>
#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/ramp.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Warmup, a constant rate, a decay on a curve: a `Warmup` of a `Sequence`, written shortly.
///
///   rate(t) = peak * (t + 1) / warmup            for t < warmup
///   rate(t) = peak                               for `stable` steps more
///   rate(t) = end + (peak - end) * c(x)          for `decay` steps more, x = 0 ... 1 of them
///   rate(t) = end                                from then on
///
/// Domain: peak, end >= 0; warmup, stable, decay >= 0, the last two not both 0; all t. A phase of 0
///   steps is skipped; without a decay the rate stays at the peak.
/// Units: peak and end are rates; the lengths numbers of steps, the sum of the three in all.
/// Cost: two comparisons, and what the curve costs.
/// Errors: those of `Warmup`, `For`, `Constant` and `Ramp`, as a `Sequence` has them.
/// Source: S. Hu et al., MiniCPM: unveiling the potential of small language models, 2024; the
///   curves: A. Hägele et al., Scaling laws and compute-optimal training beyond fixed training
///   durations, 2024.
/// Differs: the warmup's other shapes are fields of the result: s.from = 0 begins at 0, s.from =
///   end / peak where Hugging Face's begins with its min_lr_ratio; s.curve bends it. Curve::root is
///   their 1-sqrt, and llm.c's decay, of a fifth of all steps.
constexpr auto warmup_stable_decay(double peak, Length warmup, Length stable, Length decay,
                                   double end = 0, Curve curve = Curve::linear) {
  return Warmup{warmup, Sequence{For{stable, Constant<>{peak}}, Ramp<>{peak, end, decay, curve}}};
}

}}  // namespace gradus::GRADUS_ABI
